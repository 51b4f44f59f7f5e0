package holdfast.client.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine calls itself. Asked without the JDK's host lookup, which would send a name to a resolver. */
public final class DeviceName {
    private static final Path LINUX = Path.of("/proc/sys/kernel/hostname");

    private DeviceName() {}

    public static String ofThisMachine() {
        try {
            if (Files.isReadable(LINUX)) {
                return Files.readString(LINUX).strip();
            }
        } catch (IOException e) {
            return "unnamed";
        }
        String windows = System.getenv("COMPUTERNAME");
        String other = System.getenv("HOSTNAME");
        return windows != null ? windows : other != null ? other : "unnamed";
    }
}

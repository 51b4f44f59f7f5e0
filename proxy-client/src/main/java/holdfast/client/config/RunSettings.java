package holdfast.client.config;

import holdfast.client.dialer.PathRule;
import holdfast.client.door.AllowedUsers;
import holdfast.client.door.ListenAddress;
import holdfast.client.opening.OpenMode;
import holdfast.console.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code client.toml} says under {@code [run]}: the options of {@code proxy-client run} that are to hold every time.
 *
 * @param listen {@code -D}
 * @param local {@code -L}
 * @param remote {@code -R}
 * @param paths {@code --path}
 * @param open {@code --open}; null if it is not set
 * @param passwordFile {@code --password-file}; null if it is not set
 * @param protocol {@code --protocol}; null if it is not set
 * @param allowUsers {@code --allow-user}
 * @param redirect {@code --redirect}
 * @param tproxy {@code --tproxy}
 * @param dns {@code --dns}
 */
public record RunSettings(
        List<ListenAddress> listen,
        List<ForwardSpec.Local> local,
        List<ForwardSpec> remote,
        List<PathRule> paths,
        @Nullable OpenMode open,
        @Nullable Path passwordFile,
        @Nullable GatewayProtocol protocol,
        List<String> allowUsers,
        List<ListenAddress.Tcp> redirect,
        List<ListenAddress.Tcp> tproxy,
        List<ListenAddress.Tcp> dns) {
    /**
     * Reads the table.
     *
     * @throws holdfast.console.FatalException 78 with the place of what is wrong
     */
    static RunSettings read(Settings run) {
        return new RunSettings(
                run.list("listen", ListenAddress::parse),
                run.list("local", ForwardSpec::local),
                run.list("remote", ForwardSpec::remote),
                run.list("paths", PathRule::parse),
                run.text("open", RunSettings::mode),
                run.text("password-file", Path::of),
                run.text("protocol", GatewayProtocol::parse),
                run.list("allow-users", RunSettings::user),
                ports(run, "redirect"),
                ports(run, "tproxy"),
                ports(run, "dns"));
    }

    private static List<ListenAddress.Tcp> ports(Settings run, String key) {
        return run.list(key, LoopbackPorts::parse).stream()
                .flatMap(each -> each.addresses().stream())
                .toList();
    }

    private static OpenMode mode(String text) {
        for (OpenMode each : OpenMode.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
                return each;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is none of auto, fast, confirm");
    }

    private static String user(String name) {
        AllowedUsers.of(List.of(name));
        return name;
    }
}

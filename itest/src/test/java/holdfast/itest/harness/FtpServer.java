package holdfast.itest.harness;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** vsftpd on a port of its own: one folder, for anonymous users, who may upload. */
public final class FtpServer implements AutoCloseable {
    private final Path files;
    private final int port;
    private final Daemon daemon;

    private FtpServer(Path files, int port, Daemon daemon) {
        this.files = files;
        this.port = port;
        this.daemon = daemon;
    }

    /** Starts it at the loopback address, with everything it needs in this folder. */
    public static FtpServer start(Path folder) throws Exception {
        return start(folder, "127.0.0.1");
    }

    /** Starts it at this address, with everything it needs in this folder. */
    public static FtpServer start(Path folder, String address) throws Exception {
        String program = Tools.require("vsftpd");
        int port = Ports.free();
        Path files = Files.createDirectories(folder.resolve("ftp"));
        Path config = Files.writeString(folder.resolve("vsftpd.conf"), """
                listen=YES
                listen_address=%s
                listen_port=%d
                background=NO
                anonymous_enable=YES
                local_enable=NO
                write_enable=YES
                anon_upload_enable=YES
                anon_umask=022
                anon_root=%s
                run_as_launching_user=YES
                secure_chroot_dir=%s
                seccomp_sandbox=NO
                pasv_enable=YES
                port_enable=YES
                connect_from_port_20=NO
                xferlog_enable=NO
                """.formatted(address, port, files, folder));
        Daemon daemon =
                Daemon.start("vsftpd", folder.resolve("vsftpd.log"), List.of(program, config.toString()), Map.of());
        Await.until("vsftpd answers", Duration.ofSeconds(10), () -> answers(address, port));
        return new FtpServer(files, port, daemon);
    }

    private static boolean answers(String address, int port) {
        try (Socket socket = new Socket(address, port)) {
            return socket.getInputStream().read() == '2';
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The folder that it shows. */
    public Path files() {
        return files;
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        daemon.close();
    }
}

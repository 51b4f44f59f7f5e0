package holdfast.itest.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** OpenSSH's server on a port of its own, with keys of its own, for the user who runs the test; and the client's options to reach it. */
public final class SshServer implements AutoCloseable {
    private static final Duration READY_LIMIT = Duration.ofSeconds(10);

    private final Path folder;
    private final int port;
    private final Daemon daemon;

    private SshServer(Path folder, int port, Daemon daemon) {
        this.folder = folder;
        this.port = port;
        this.daemon = daemon;
    }

    /** Starts it with everything it needs in this folder. */
    public static SshServer start(Path folder) throws Exception {
        String program = Tools.require("sshd");
        int port = Ports.free();
        for (String key : List.of("host", "user")) {
            Program.run(
                            "ssh-keygen",
                            "-q",
                            "-t",
                            "ed25519",
                            "-N",
                            "",
                            "-f",
                            folder.resolve(key).toString())
                    .ok();
        }
        Path config = Files.writeString(
                folder.resolve("sshd_config"), """
                ListenAddress 127.0.0.1
                Port %d
                HostKey %s
                AuthorizedKeysFile %s
                PidFile none
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                PermitRootLogin prohibit-password
                MaxStartups 100
                """.formatted(port, folder.resolve("host"), folder.resolve("user.pub")));
        makePrivilegeSeparationFolder();
        Daemon daemon = Daemon.start(
                "sshd", folder.resolve("sshd.log"), List.of(program, "-D", "-e", "-f", config.toString()), Map.of());
        daemon.awaitLog("listening on", READY_LIMIT);
        String hostKey = Files.readString(folder.resolve("host.pub"));
        Files.writeString(folder.resolve("known_hosts"), "[127.0.0.1]:" + port + " " + hostKey);
        return new SshServer(folder, port, daemon);
    }

    /** Debian's sshd wants this folder when root starts it; usually the system's own service makes it. */
    private static void makePrivilegeSeparationFolder() throws IOException {
        if (System.getProperty("user.name").equals("root")) {
            Files.createDirectories(Path.of("/run/sshd"));
        }
    }

    public int port() {
        return port;
    }

    public Daemon daemon() {
        return daemon;
    }

    /** The words of an {@code ssh} command up to the host, for a connection by way of {@code proxyCommand}. */
    public List<String> client(String proxyCommand) {
        List<String> words =
                new ArrayList<>(List.of(Tools.require("ssh"), "-F", "/dev/null", "-p", Integer.toString(port)));
        words.addAll(List.of(
                "-i", folder.resolve("user").toString(), "-o", "UserKnownHostsFile=" + folder.resolve("known_hosts")));
        words.addAll(List.of("-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-o", "ProxyCommand=" + proxyCommand));
        return words;
    }

    /** A whole command that runs {@code command} there. */
    public Program run(String proxyCommand, String command) {
        List<String> words = client(proxyCommand);
        words.addAll(List.of("127.0.0.1", command));
        return Program.of(words.get(0), words.subList(1, words.size()).toArray(String[]::new));
    }

    @Override
    public void close() {
        daemon.close();
    }
}

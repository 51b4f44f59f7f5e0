package holdfast.itest.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The other implementation of MTA-TLS, in Python, which shares no line with ours. */
public final class PythonMtaTls {
    private static final Duration READY_LIMIT = Duration.ofSeconds(30);
    private static final Path SCRIPT = Path.of("src/test/python/mta_tls.py").toAbsolutePath();

    private PythonMtaTls() {}

    /** A gateway that connects to everything but 10.0.0.1, with the key in a gateway's home, for one client's key. */
    public static Daemon server(Path log, int port, Path key, Path client) throws Exception {
        return daemon("python-server", log, "server", "--listen", "" + port, "--key", "" + key, "--peer", "" + client);
    }

    /** The same, but the first connections are told these bytes each, in hexadecimal, and nothing else. Prints {@code ended after BYTES} when such a one is over. */
    public static Daemon hostileServer(Path log, int port, Path key, Path client, List<String> bytes) throws Exception {
        return daemon(
                "python-server",
                log,
                "hostile-server",
                "--listen",
                "" + port,
                "--key",
                "" + key,
                "--peer",
                "" + client,
                "--send",
                String.join(",", bytes));
    }

    /** A SOCKS 5 proxy that reaches a gateway by MTA-TLS. */
    public static Daemon client(Path log, int port, int gatewayPort, Path key, Path gateway) throws Exception {
        return daemon(
                "python-client",
                log,
                "client",
                "--listen",
                "" + port,
                "--gateway",
                "127.0.0.1:" + gatewayPort,
                "--key",
                "" + key,
                "--peer",
                "" + gateway);
    }

    /** Sends these bytes to a gateway and returns what it said before it ended the connection, in hexadecimal. */
    public static String say(String hex, int gatewayPort, Path key, Path gateway) throws Exception {
        String line = Program.run(
                        "python3",
                        SCRIPT.toString(),
                        "hostile",
                        "--gateway",
                        "127.0.0.1:" + gatewayPort,
                        "--key",
                        key.toString(),
                        "--peer",
                        gateway.toString(),
                        "--send",
                        hex)
                .ok()
                .output();
        return line.substring(line.indexOf(' ', "ended ".length()) + 1).strip();
    }

    private static Daemon daemon(String name, Path log, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Tools.require("python3"), SCRIPT.toString()));
        command.addAll(List.of(arguments));
        return Daemon.start(name, log, command, Map.of()).awaitLog("(?m)^ready", READY_LIMIT);
    }
}

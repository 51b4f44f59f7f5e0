package holdfast.client.conformance;

import holdfast.client.conformance.SocksCase.Need;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Puts any SOCKS server on this machine to the test and prints one line per dialogue: {@code ok}, or {@code DIFFERS} with what was heard.
 *
 * <pre>
 *   java -cp proxy-client/target/test-classes holdfast.client.conformance.SocksConformance HOST:PORT [USER PASSWORD]
 * </pre>
 *
 * <p>It needs the JDK only. Exit code 0 if the server does everything as expected, 1 if not. With user and password it plays the dialogues of RFC 1929, without
 * them all others. The server has to be able to reach 127.0.0.1, ::1 and localhost.
 */
public final class SocksConformance {
    private SocksConformance() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 1 && args.length != 3) {
            System.err.println("usage: SocksConformance HOST:PORT [USER PASSWORD]");
            System.exit(64);
        }
        int colon = args[0].lastIndexOf(':');
        InetSocketAddress server =
                new InetSocketAddress(args[0].substring(0, colon), Integer.parseInt(args[0].substring(colon + 1)));
        boolean withPassword = args.length == 3;
        try (EchoServer echo = EchoServer.start()) {
            Scene scene = new Scene(
                    server, echo.port(), echo.refusedPort(), withPassword ? args[1] : "", withPassword ? args[2] : "");
            System.exit(run(scene, System.out) == 0 ? 0 : 1);
        }
    }

    /** Plays every dialogue that any server can take part in; gives the number of those that went another way. */
    static int run(Scene scene, PrintStream out) throws IOException {
        Set<Need> needs = scene.wantsPassword()
                ? EnumSet.of(Need.PASSWORD_SERVER)
                : EnumSet.of(Need.OPEN_SERVER, Need.LISTENING_SERVER);
        List<SocksCase> cases = SocksCases.all().stream()
                .filter(each -> needs.contains(each.need()))
                .toList();
        int differences = 0;
        for (SocksCase each : cases) {
            String difference = play(each, scene);
            differences += difference.isEmpty() ? 0 : 1;
            out.println(difference.isEmpty() ? "ok       " + each : "DIFFERS  " + each + ": " + difference);
        }
        out.println(cases.size() - differences + " of " + cases.size() + " as expected");
        return differences;
    }

    private static String play(SocksCase each, Scene scene) {
        try {
            each.script().play(scene);
            return "";
        } catch (AssertionError | IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}

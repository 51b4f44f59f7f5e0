package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.EchoDestination;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.TestBed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Another user of this machine cannot use the proxy. Where thousands of sockets are open, and the kernel cannot be asked about a single one, so that looking each connection up would take
 * long, the first such user is let in for a moment and thrown out; after that nobody is let in before he is known.
 */
class ForeignUserTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Each is two lines of the kernel's table, which counts as long from 512 on. */
    private static final int CONNECTIONS = 300;

    /** In each it learns it with better than even odds. */
    private static final int LOOKS = 30;

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    @Test
    void onACrowdedMachineTheFirstStrangerHearsNoMoreThanAGreetingAndTheNextNothing() throws Exception {
        List<Socket> crowd = new ArrayList<>();
        try (EchoDestination destination = EchoDestination.start();
                ServerSocket server = new ServerSocket(0, CONNECTIONS, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < CONNECTIONS; i++) {
                crowd.add(new Socket(server.getInetAddress(), server.getLocalPort()));
                crowd.add(server.accept());
            }
            // The client learns how long the table is when it looks at it for one of its own whose line is not among
            // the first.
            for (int i = 0; i < LOOKS; i++) {
                requireEcho(destination);
            }

            Program.Result first = strangerGreets();

            // Nothing, or where the kernel cannot be asked the method of SOCKS, and then the end: the stranger waits
            // for more, but not for long.
            assertThat(first.output()).isIn("", "05 00");
            if (!first.output().isEmpty()) {
                assertThat(first.errors()).contains("reset by peer");
            }
            BED.client().awaitLog("door.refused_user .*uid=65534", LIMIT);

            Program.Result second = strangerGreets();

            assertThat(second.output()).isEmpty();
            requireEcho(destination);
        } finally {
            for (Socket each : crowd) {
                each.close();
            }
        }
    }

    /** Another user's program says a greeting of SOCKS5 and listens until the connection is over. */
    private static Program.Result strangerGreets() throws Exception {
        String greet = "exec 3<>/dev/tcp/127.0.0.1/" + BED.socksPort()
                + "; printf '\\5\\1\\0' >&3; cat <&3 | od -An -tx1 | tr -d '\\n' | sed 's/^ //'";
        return Program.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "bash", "-c", greet)
                .limit(LIMIT)
                .run();
    }

    private static void requireEcho(EchoDestination destination) throws IOException {
        try (Socket socket =
                BED.socks().connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), destination.port()))) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.getOutputStream().write(7);
            assertThat(socket.getInputStream().read()).isEqualTo(7);
        }
    }
}

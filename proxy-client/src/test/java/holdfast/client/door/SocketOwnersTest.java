package holdfast.client.door;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.transport.EventLoops;
import holdfast.transport.TransportKind;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel says whose a connection is, in either family, as long as somebody holds it. */
final class SocketOwnersTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aConnectionIsItsProgramsUsers(String host) throws Exception {
        try (EventLoops loops = EventLoops.start(TransportKind.AUTO, 1, "owners");
                ServerSocket door = new ServerSocket(0, 1, InetAddress.getByName(host));
                Socket program = new Socket(door.getInetAddress(), door.getLocalPort());
                Socket accepted = door.accept()) {
            EventLoop loop = loops.next();
            SocketOwners owners = new SocketOwners(loop, ForkJoinPool.commonPool());
            InetSocketAddress here = (InetSocketAddress) program.getLocalSocketAddress();
            InetSocketAddress there = (InetSocketAddress) accepted.getLocalSocketAddress();

            assertThat(ask(loop, owners, here, there)).isEqualTo(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
            assertThat(ask(loop, owners, new InetSocketAddress(here.getAddress(), 1), there))
                    .isEqualTo(SocketOwners.GONE);
        }
    }

    private static int ask(EventLoop loop, SocketOwners owners, InetSocketAddress program, InetSocketAddress door)
            throws Exception {
        CompletableFuture<Integer> told = new CompletableFuture<>();
        loop.execute(() -> owners.find(program, door, owner -> {
            // Other tests may have left a long table behind, and then a presumption comes first.
            if (owner != SocketOwners.PRESUMED) {
                told.complete(owner);
            }
        }));
        return told.get(10, TimeUnit.SECONDS);
    }
}

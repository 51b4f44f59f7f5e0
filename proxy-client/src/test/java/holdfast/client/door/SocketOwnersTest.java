package holdfast.client.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.transport.EventLoops;
import holdfast.transport.TransportKind;
import io.netty.channel.EventLoop;
import io.netty.channel.uring.IoUring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel says whose a connection is, in either family, as long as somebody holds it. */
final class SocketOwnersTest {
    /** Each is two lines of the table, which is long from 512 on. */
    private static final int PAIRS = 300;

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

    @Test
    void onACrowdedMachineACallerIsPresumedAndTheAnswerFollows() throws Exception {
        List<Socket> crowd = new ArrayList<>();
        InetAddress host = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try (EventLoops loops = EventLoops.start(TransportKind.AUTO, 1, "owners");
                ServerSocket door = new ServerSocket(0, PAIRS, host)) {
            for (int i = 0; i < PAIRS; i++) {
                crowd.add(new Socket(host, door.getLocalPort()));
                crowd.add(door.accept());
            }
            EventLoop loop = loops.next();
            SocketOwners owners = new SocketOwners(loop, ForkJoinPool.commonPool());
            InetSocketAddress program = (InetSocketAddress) crowd.get(0).getLocalSocketAddress();
            InetSocketAddress here = (InetSocketAddress) crowd.get(1).getLocalSocketAddress();
            Object own = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            InetSocketAddress nobody = new InetSocketAddress(host, 1);
            assertThat(told(loop, owners, nobody, here, 1))
                    .as("before the whole table was seen")
                    .containsExactly(SocketOwners.GONE);

            for (int i = 0; i < 10; i++) {
                // It stays so, wherever in the table the line stands.
                assertThat(told(loop, owners, program, here, 2)).containsExactly(SocketOwners.PRESUMED, own);
            }

            loop.submit(owners::metAnother).get();
            assertThat(told(loop, owners, program, here, 1))
                    .as("after another user was met")
                    .containsExactly(own);
        } finally {
            for (Socket each : crowd) {
                each.close();
            }
        }
    }

    @Test
    void whereTheKernelCanBeAskedNobodyIsPresumedAndTheAnswerIsThereAtOnce() throws Exception {
        InetAddress host = InetAddress.getLoopbackAddress();
        try (EventLoops loops = EventLoops.start(TransportKind.AUTO, 1, "owners");
                ServerSocket door = new ServerSocket(0, 1, host);
                Socket program = new Socket(host, door.getLocalPort())) {
            EventLoop loop = loops.next();
            List<Runnable> reading = new ArrayList<>();
            // It reads no table, because that would be slow work.
            SocketOwners owners = new SocketOwners(loop, reading::add);
            InetSocketAddress here = (InetSocketAddress) program.getLocalSocketAddress();
            InetSocketAddress there = (InetSocketAddress) program.getRemoteSocketAddress();
            if (!IoUring.isAvailable()) {
                assertThatThrownBy(NetlinkSocket::open).isInstanceOf(IOException.class);
                return;
            }
            owners.open();
            assertThat(reading).as("opening").hasSize(1);
            reading.remove(0).run();

            assertThat(told(loop, owners, here, there, 1))
                    .containsExactly(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
            assertThat(reading).as("tables read").isEmpty();

            owners.close();
            loop.submit(() -> owners.find(here, there, uid -> {})).get();
            assertThat(reading).as("tables read once it is closed").hasSize(1);
        }
    }

    /** The next answers to one question. */
    private static List<Object> told(
            EventLoop loop, SocketOwners owners, InetSocketAddress program, InetSocketAddress door, int count)
            throws Exception {
        BlockingQueue<Integer> told = new LinkedBlockingQueue<>();
        loop.submit(() -> owners.find(program, door, told::add)).get();
        List<Object> heard = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            heard.add(told.poll(10, TimeUnit.SECONDS));
        }
        return heard;
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

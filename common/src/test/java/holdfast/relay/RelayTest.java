package holdfast.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.protocol.ErrorCode;
import holdfast.transport.TransportKind;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The cases of a relay that need a certain moment. */
@Timeout(60)
final class RelayTest {
    /** What a stream takes from a socket when nobody reads at its other end: the window, and what may wait for it. */
    private static final int UNTIL_PAUSE = MemoryStream.WINDOW + 64 * 1024;

    /** Fits into the kernel's buffer of a socket that is not read. */
    private static final int REST = 40_000;

    private static final int TCP_CLOSE_WAIT = 8;

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void whatCameBeforeTheRelayStartedComesFirst(TransportKind kind) throws Exception {
        try (RelayRig rig = new RelayRig(kind);
                RelayRig.Connection connection = rig.connect()) {
            write(connection.program, "question");
            connection.program.shutdownOutput();
            write(connection.destination, "220 server speaks first");
            connection.destination.shutdownOutput();
            if (kind == TransportKind.EPOLL) {
                awaitEnd(connection.near);
                awaitEnd(connection.far);
            }

            connection.relayed();

            assertThat(read(connection.destination)).isEqualTo("question");
            assertThat(read(connection.program)).isEqualTo("220 server speaks first");
            assertThat(connection.isOver()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aSlowReaderHoldsTheWriterBack(TransportKind kind) throws Exception {
        int much = 64 * 1024 * 1024;
        try (RelayRig rig = new RelayRig(kind);
                RelayRig.Connection connection = rig.connect().relayed()) {
            Ending.Exchange near = new Ending.Exchange(1, much, 2, 0);
            Ending.Exchange far = new Ending.Exchange(2, 0, 1, much);
            Thread writer = near.inBackground(() -> {
                near.send(connection.program);
                connection.program.shutdownOutput();
                return null;
            });
            // Nobody reads for a while: the writer has to come to rest, far from its end.
            connection
                    .near
                    .eventLoop()
                    .schedule(() -> {}, 500, TimeUnit.MILLISECONDS)
                    .sync();
            assertThat(writer.isAlive()).isTrue();

            far.receiveAll(connection.destination);

            writer.join();
            assertThat(far.received).isEqualTo(much);
            assertThat(far.wrong).isFalse();
            assertThat(connection.nearStream.mostHeld()).isLessThanOrEqualTo(64 * 1024 + 256 * 1024);
        }
    }

    @Test
    void anEndBehindUnreadBytesDoesNotPullThemIn() throws Exception {
        try (RelayRig rig = new RelayRig(TransportKind.EPOLL);
                RelayRig.Connection connection = rig.connect()) {
            pauseNear(connection);
            long held = connection.nearStream.mostHeld();

            connection.program.getOutputStream().write(new byte[REST]);
            connection.program.shutdownOutput();
            awaitEnd(connection.near);

            assertThat(connection.nearStream.mostHeld()).isEqualTo(held);
            start(connection.far, connection.farStream);
            assertThat(connection.destination.getInputStream().readAllBytes()).hasSize(UNTIL_PAUSE + REST);
        }
    }

    @Test
    void aResetIsNoticedWhileTheSocketIsNotRead() throws Exception {
        try (RelayRig rig = new RelayRig(TransportKind.EPOLL);
                RelayRig.Connection connection = rig.connect()) {
            pauseNear(connection);
            connection.program.getOutputStream().write(new byte[REST]);

            connection.program.setSoLinger(true, 0);
            connection.program.close();

            assertThat(connection.near.closeFuture().await(20, TimeUnit.SECONDS))
                    .isTrue();
            start(connection.far, connection.farStream);
            assertThatThrownBy(() -> connection.destination.getInputStream().readAllBytes())
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void aResetBehindAnOrderlyEndIsNoticed() throws Exception {
        try (RelayRig rig = new RelayRig(TransportKind.EPOLL);
                RelayRig.Connection connection = rig.connect().relayed()) {
            write(connection.program, "question");
            connection.program.shutdownOutput();
            assertThat(read(connection.destination)).isEqualTo("question");

            connection.program.setSoLinger(true, 0);
            connection.program.close();

            assertThat(connection.near.closeFuture().await(20, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(failureOfWriting(connection.destination)).isInstanceOf(SocketException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void anAnswerIsCompleteAlthoughTheServerTakesNoMoreOfTheQuestion(TransportKind kind) throws Exception {
        try (RelayRig rig = new RelayRig(kind);
                RelayRig.Connection connection = rig.connect()) {
            start(connection.far, connection.farStream);
            connection.destination.getOutputStream().write(new byte[UNTIL_PAUSE]);
            awaitPause(connection.far);
            // The end of the answer lies unread in the relay's kernel when the server is gone.
            connection.destination.getOutputStream().write(new byte[REST]);
            connection.destination.close();
            start(connection.near, connection.nearStream);
            // Already reset by the first of these; the next ones fail.
            for (int i = 0; i < 3; i++) {
                write(connection.program, "question");
                connection
                        .far
                        .eventLoop()
                        .schedule(() -> {}, 50, TimeUnit.MILLISECONDS)
                        .sync();
            }

            assertThat(connection.program.getInputStream().readAllBytes()).hasSize(UNTIL_PAUSE + REST);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aResetThatAWriteFindsIsNoEndOfFile(TransportKind kind) throws Exception {
        try (RelayRig rig = new RelayRig(kind);
                RelayRig.Connection connection = rig.connect()) {
            start(connection.far, connection.farStream);
            connection.destination.getOutputStream().write(new byte[UNTIL_PAUSE]);
            awaitPause(connection.far);
            connection.destination.getOutputStream().write(new byte[REST]);
            connection.destination.setSoLinger(true, 0);
            connection.destination.close();
            connection.program.getOutputStream().write('?');
            start(connection.near, connection.nearStream);

            assertThatThrownBy(() -> connection.program.getInputStream().readAllBytes())
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void aProgramThatTalksOnToNobodyIsReset() throws Exception {
        try (RelayRig rig = new RelayRig(TransportKind.AUTO);
                RelayRig.Connection connection = rig.connect()) {
            start(connection.near, connection.nearStream);
            connection
                    .far
                    .eventLoop()
                    .submit(() -> {
                        connection.farStream.finish();
                        connection.farStream.reset(ErrorCode.CONNECTION_RESET);
                    })
                    .sync();

            assertThat(connection.program.getInputStream().read()).isEqualTo(-1);
            assertThat(failureOfWriting(connection.program)).isInstanceOf(SocketException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void socketsThatWaitCostNoTime(TransportKind kind) throws Exception {
        try (RelayRig rig = new RelayRig(kind);
                RelayRig.Connection halfClosed = rig.connect().relayed();
                RelayRig.Connection paused = rig.connect();
                RelayRig.Connection pausedAndEnded = rig.connect()) {
            halfClosed.program.shutdownOutput();
            assertThat(halfClosed.destination.getInputStream().read()).isEqualTo(-1);
            pauseNear(paused);
            pauseNear(pausedAndEnded);
            pausedAndEnded.program.shutdownOutput();
            pausedAndEnded
                    .far
                    .eventLoop()
                    .submit(pausedAndEnded.farStream::finish)
                    .sync();
            assertThat(pausedAndEnded.program.getInputStream().read()).isEqualTo(-1);

            long before = loopNanos();
            halfClosed.near.eventLoop().schedule(() -> {}, 1, TimeUnit.SECONDS).sync();
            assertThat(loopNanos() - before).isLessThan(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    /** Starts the near relay and fills its stream, whose other end does not read. */
    private static void pauseNear(RelayRig.Connection connection) throws Exception {
        start(connection.near, connection.nearStream);
        connection.program.getOutputStream().write(new byte[UNTIL_PAUSE]);
        awaitPause(connection.near);
    }

    private static void start(Channel socket, MemoryStream stream) throws Exception {
        socket.eventLoop().submit(() -> Relay.start(socket, stream)).sync();
    }

    private static void awaitPause(Channel socket) throws Exception {
        // The first turn starts the relay.
        socket.eventLoop().submit(() -> {}).sync();
        while (socket.config().isAutoRead()) {
            Thread.onSpinWait();
        }
        socket.eventLoop().submit(() -> {}).sync();
    }

    /** The peer's end has arrived, and the event loop has had its chance to look at it. */
    private static void awaitEnd(Channel socket) throws Exception {
        while (((EpollSocketChannel) socket).tcpInfo().state() != TCP_CLOSE_WAIT) {
            Thread.onSpinWait();
        }
        for (int i = 0; i < 3; i++) {
            socket.eventLoop().submit(() -> {}).sync();
        }
    }

    private static long loopNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith("relay-test"))
                .mapToLong(ThreadInfo::getThreadId)
                .map(threads::getThreadCpuTime)
                .sum();
    }

    private static Throwable failureOfWriting(Socket socket) throws InterruptedException {
        byte[] piece = new byte[1000];
        try {
            OutputStream out = socket.getOutputStream();
            while (true) {
                out.write(piece);
                Thread.sleep(1);
            }
        } catch (IOException failure) {
            return failure;
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String read(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
}

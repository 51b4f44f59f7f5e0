package holdfast.transport;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.frame.Frame;
import holdfast.frame.Ping;
import holdfast.protocol.ErrorCode;
import holdfast.testing.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A path that brings many frames at once does not keep its loop from the others, and loses none of them by that. */
@ExtendWith(NoLeaks.class)
final class PathTurnsTest {
    private static final int MANY = 1000;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Listening peer = new Listening();
    private final PathChannel path = PathChannel.receiving(channel, peer);

    @Test
    void othersHaveTheirTurnBetweenManyFrames() {
        List<Integer> seenByOthers = new ArrayList<>();

        read(pings(0, MANY));
        for (int i = 0; i < 3; i++) {
            channel.eventLoop().execute(() -> seenByOthers.add(peer.seen.size()));
        }
        channel.runPendingTasks();

        assertThat(seenByOthers).first().isEqualTo(2 * PathHandler.TURN_FRAMES);
        assertThat(peer.seen).isEqualTo(range(0, MANY));
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void whatArrivesMeanwhileComesBehind() {
        read(pings(0, MANY));
        read(pings(MANY, 2 * MANY));
        assertThat(channel.config().isAutoRead()).isFalse();
        channel.runPendingTasks();

        assertThat(peer.seen).isEqualTo(range(0, 2 * MANY));
        assertThat(path.takeReceived()).isEqualTo(2 * MANY * 12);
    }

    @Test
    void whatArrivedBeforeTheEndIsHandledBeforeIt() {
        read(pings(0, MANY));

        channel.close();

        assertThat(peer.seen).isEqualTo(range(0, MANY));
        assertThat(peer.closed).isTrue();
    }

    @Test
    void whoIsPausedMeanwhileIsNotHeardBeforeThePauseIsOver() {
        channel.freezeTime();
        read(pings(0, MANY));
        path.pause(1_000_000);
        channel.runPendingTasks();
        assertThat(peer.seen).hasSize(PathHandler.TURN_FRAMES);

        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        channel.runPendingTasks();
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();

        assertThat(peer.seen).isEqualTo(range(0, MANY));
    }

    @Test
    void nothingIsHandledBehindAFrameThatIsNone() {
        ByteBuf bytes = pings(0, PathHandler.TURN_FRAMES + 1);
        bytes.writeInt(8 << 8 | 0x3f).writeLong(0);
        bytes.writeBytes(Unpooled.wrappedBuffer(new byte[100]));
        read(bytes);
        channel.runPendingTasks();

        assertThat(peer.seen).isEqualTo(range(0, PathHandler.TURN_FRAMES + 1));
        assertThat(peer.violated).isTrue();
        assertThat(channel.isOpen()).isFalse();
    }

    private void read(ByteBuf bytes) {
        channel.pipeline().fireChannelRead(bytes);
        channel.pipeline().fireChannelReadComplete();
    }

    private static ByteBuf pings(int from, int to) {
        ByteBuf bytes = Unpooled.buffer();
        for (int i = from; i < to; i++) {
            bytes.writeInt(8 << 8 | 1).writeLong(i);
        }
        return bytes;
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    /** Remembers the numbers of PINGs. */
    private static final class Listening implements PathReceiver {
        private final List<Integer> seen = new ArrayList<>();
        private boolean closed;
        private boolean violated;

        @Override
        public void onFrame(PathChannel path, Frame frame) {
            seen.add((int) ((Ping) frame).nonce());
        }

        @Override
        public void onViolation(PathChannel path, ErrorCode code, String text) {
            violated = true;
        }

        @Override
        public void onClosed(PathChannel path, ErrorCode code, String text) {
            closed = true;
        }
    }
}

package holdfast.client.session;

import holdfast.client.session.StreamOpener.OpenCallback;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Connections of programs that came while no path was up. They wait ten seconds, then fail; nothing ever goes out another way. */
public final class WaitingOpens {
    private static final long PATIENCE_SECONDS = 10;

    /** One that waits; owns its first bytes. */
    public static final class Waiting {
        public final OpenRequest request;
        public final @Nullable ByteBuf firstBytes;
        public final OpenCallback callback;

        Waiting(OpenRequest request, @Nullable ByteBuf firstBytes, OpenCallback callback) {
            this.request = request;
            this.firstBytes = firstBytes;
            this.callback = callback;
        }
    }

    private final EventLoop loop;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    public WaitingOpens(EventLoop loop) {
        this.loop = loop;
    }

    /** Takes ownership of {@code firstBytes}. */
    public void add(OpenRequest request, @Nullable ByteBuf firstBytes, OpenCallback callback) {
        Waiting each = new Waiting(request, firstBytes, callback);
        waiting.add(each);
        loop.schedule(() -> giveUp(each), PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** How many wait. */
    public int size() {
        return waiting.size();
    }

    /** Takes out all that wait, the longest first. */
    public List<Waiting> takeAll() {
        List<Waiting> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }

    /** Takes out those that the function has taken care of, the longest waiting first. */
    public void takeIf(Predicate<Waiting> taken) {
        for (Waiting each : List.copyOf(waiting)) {
            if (taken.test(each)) {
                waiting.remove(each);
            }
        }
    }

    private void giveUp(Waiting each) {
        if (waiting.remove(each)) {
            if (each.firstBytes != null) {
                each.firstBytes.release();
            }
            each.callback.onUnavailable(
                    ErrorCode.GATEWAY_UNREACHABLE, "the gateway was not reached within " + PATIENCE_SECONDS + " s");
        }
    }
}

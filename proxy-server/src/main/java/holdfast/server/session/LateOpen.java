package holdfast.server.session;

import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.ErrorCode;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stream that waits before it is served: until what arrived with it has been looked at, and longer where its session opens more than its share. One that
 * is given up meanwhile, perhaps in the very next frame, is not served at all.
 */
final class LateOpen implements StreamListener {
    private boolean wanted = true;
    private @Nullable Future<?> waiting;

    private LateOpen() {}

    static void serve(long waitNanos, StreamHandle stream, Runnable then) {
        LateOpen late = new LateOpen();
        stream.listen(late);
        Runnable serve = () -> {
            if (late.wanted) {
                then.run();
            }
        };
        if (waitNanos == 0) {
            stream.eventLoop().execute(serve);
        } else {
            late.waiting = stream.eventLoop().schedule(serve, waitNanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void onReadable() {}

    @Override
    public void onWritable() {}

    @Override
    public void onStopped(ErrorCode code) {
        giveUp();
    }

    @Override
    public void onReset(ErrorCode code) {
        giveUp();
    }

    /** What waits would keep the stream, and perhaps its session, for as long as it waits. */
    private void giveUp() {
        wanted = false;
        if (waiting != null) {
            waiting.cancel(false);
        }
    }
}

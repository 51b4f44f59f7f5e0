package holdfast.server.session;

import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.ErrorCode;
import java.util.concurrent.TimeUnit;

/** A stream that has to wait before it is served, because its session opens more than its share. One that is given up meanwhile is not served at all. */
final class LateOpen implements StreamListener {
    private boolean wanted = true;

    private LateOpen() {}

    static void serve(long waitNanos, StreamHandle stream, Runnable then) {
        LateOpen late = new LateOpen();
        stream.listen(late);
        stream.eventLoop()
                .schedule(
                        () -> {
                            if (late.wanted) {
                                then.run();
                            }
                        },
                        waitNanos,
                        TimeUnit.NANOSECONDS);
    }

    @Override
    public void onReadable() {}

    @Override
    public void onWritable() {}

    @Override
    public void onStopped(ErrorCode code) {
        wanted = false;
    }

    @Override
    public void onReset(ErrorCode code) {
        wanted = false;
    }
}

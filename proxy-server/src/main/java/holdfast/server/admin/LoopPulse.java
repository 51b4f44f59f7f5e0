package holdfast.server.admin;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Knows whether every event loop still turns: each has to say so itself, from a task on it. Any thread. */
public final class LoopPulse {
    private static final long BEAT_MILLIS = 500;

    private final List<AtomicLong> beats = new ArrayList<>();

    /** Starts listening to the loops. */
    public LoopPulse(EventLoopGroup loops) {
        for (EventExecutor loop : loops) {
            AtomicLong beat = new AtomicLong(System.nanoTime());
            beats.add(beat);
            loop.scheduleAtFixedRate(
                    () -> beat.set(System.nanoTime()), BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** How long ago the slowest loop has turned, in nanoseconds. */
    public long silence() {
        long now = System.nanoTime();
        long longest = 0;
        for (AtomicLong beat : beats) {
            longest = Math.max(longest, now - beat.get());
        }
        return longest;
    }
}

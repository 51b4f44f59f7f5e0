package holdfast.client.dialer;

import io.netty.channel.EventLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Notices that the machine's network is not what it was: an interface, address or route came or went, or the machine slept. The clock that measures time
 * spans does not count sleep, the one on the wall does, so a difference between the two tells.
 */
public final class NetworkWatch implements AutoCloseable {
    private static final long TICK_MILLIS = 500;
    private static final long SLEPT_MILLIS = 2000;

    private final EventLoop loop;
    private final Executor slowWork;
    private final Listener listener;

    private @Nullable ScheduledFuture<?> ticking;
    private @Nullable LocalNetwork known;
    private long wallAhead = wallAhead();
    private boolean looking;

    /** Told on the event loop. */
    public interface Listener {
        void onChange(LocalNetwork network);

        void onWakeUp(long sleptMillis);
    }

    /** @param slowWork looks at the interfaces, which may take a while */
    public NetworkWatch(EventLoop loop, Executor slowWork, Listener listener) {
        this.loop = loop;
        this.slowWork = slowWork;
        this.listener = listener;
    }

    public void start() {
        look();
        ticking = loop.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        if (ticking != null) {
            ticking.cancel(false);
        }
    }

    private void tick() {
        long ahead = wallAhead();
        if (ahead - wallAhead > SLEPT_MILLIS) {
            listener.onWakeUp(ahead - wallAhead);
        }
        wallAhead = ahead;
        look();
    }

    private void look() {
        if (looking) {
            return;
        }
        looking = true;
        slowWork.execute(() -> {
            LocalNetwork now = LocalNetwork.look();
            loop.execute(() -> {
                looking = false;
                if (!now.equals(known)) {
                    known = now;
                    listener.onChange(now);
                }
            });
        });
    }

    private static long wallAhead() {
        return System.currentTimeMillis() - System.nanoTime() / 1_000_000;
    }
}

package holdfast.server.destination;

import holdfast.relay.EarlyBytes;
import holdfast.transport.EventLoops;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connects to the first of several addresses that answers, trying one more each time the last one takes long or fails (RFC 8305). */
final class ConnectRace {
    private final EventLoops loops;
    private final EventLoop loop;
    private final ConnectLimits limits;
    private final DestinationConnector.Outcome outcome;
    private final Queue<InetSocketAddress> untried;
    private final Map<Channel, InetSocketAddress> running = new HashMap<>();
    private @Nullable ScheduledFuture<?> stagger;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable Refusal mostTelling;
    private boolean over;

    ConnectRace(
            EventLoops loops,
            EventLoop loop,
            ConnectLimits limits,
            List<InetSocketAddress> addresses,
            DestinationConnector.Outcome outcome) {
        this.loops = loops;
        this.loop = loop;
        this.limits = limits;
        this.untried = new ArrayDeque<>(addresses);
        this.outcome = outcome;
    }

    void start() {
        deadline = loop.schedule(this::expire, limits.timeoutMillis(), TimeUnit.MILLISECONDS);
        tryNext();
    }

    void cancel() {
        end();
    }

    private void tryNext() {
        InetSocketAddress address = untried.poll();
        if (over || address == null) {
            return;
        }
        ChannelFuture connecting = loops.streamClient(loop)
                .disableResolver()
                .handler(new EarlyBytes())
                .connect(address);
        running.put(connecting.channel(), address);
        if (!untried.isEmpty()) {
            stagger = loop.schedule(this::tryNext, limits.staggerMillis(), TimeUnit.MILLISECONDS);
        }
        // A socket that could not even be made reports from a thread of Netty's own.
        connecting.addListener(done -> {
            if (loop.inEventLoop()) {
                settle(connecting, address);
            } else {
                loop.execute(() -> settle(connecting, address));
            }
        });
    }

    private void settle(ChannelFuture connecting, InetSocketAddress address) {
        Channel socket = connecting.channel();
        running.remove(socket);
        if (!over && connecting.isSuccess()) {
            end();
            outcome.onConnected(socket);
            return;
        }
        close(socket);
        if (!over) {
            failed(ConnectFailures.refusal(address, connecting.cause()));
        }
    }

    private void failed(Refusal failure) {
        keep(failure);
        if (!untried.isEmpty()) {
            cancel(stagger);
            tryNext();
        } else if (running.isEmpty()) {
            giveUp();
        }
    }

    private void expire() {
        if (!over) {
            running.values().forEach(each -> keep(ConnectFailures.timeout(each)));
            giveUp();
        }
    }

    private void keep(Refusal failure) {
        if (mostTelling == null || ConnectFailures.weight(failure) > ConnectFailures.weight(mostTelling)) {
            mostTelling = failure;
        }
    }

    private void giveUp() {
        Refusal failure = mostTelling;
        end();
        if (failure != null) {
            outcome.onRefused(failure);
        }
    }

    private void end() {
        over = true;
        cancel(stagger);
        cancel(deadline);
        List.copyOf(running.keySet()).forEach(ConnectRace::close);
        running.clear();
    }

    /** What stands for a socket that could not be made is not open, and belongs to no loop that could close it. */
    private static void close(Channel socket) {
        if (socket.isOpen()) {
            socket.close();
        }
    }

    private static void cancel(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}

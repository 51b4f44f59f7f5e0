package holdfast.server.destination;

import holdfast.protocol.ErrorCode;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connects to the first of several addresses that answers, starting them one after the other (RFC 8305 section 5). Belongs to one event loop. */
final class Race {
    private static final long STAGGER_MILLIS = 250;
    private static final long TOTAL_MILLIS = 10_000;

    private final Bootstrap bootstrap;
    private final EventLoop loop;
    private final ArrayDeque<InetSocketAddress> left;
    private final DestinationConnector.Outcome outcome;
    private final Set<ChannelFuture> running = new HashSet<>();
    private final ScheduledFuture<?> deadline;

    private @Nullable ScheduledFuture<?> nextStart;
    private @Nullable Refusal worst;
    private boolean over;

    Race(
            Bootstrap bootstrap,
            EventLoop loop,
            ArrayDeque<InetSocketAddress> addresses,
            DestinationConnector.Outcome outcome) {
        this.bootstrap = bootstrap;
        this.loop = loop;
        this.left = addresses;
        this.outcome = outcome;
        this.deadline = loop.schedule(this::timeOut, TOTAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    void startNext() {
        if (over) {
            return;
        }
        InetSocketAddress next = left.poll();
        if (next == null) {
            return;
        }
        ChannelFuture connecting = bootstrap.connect(next);
        running.add(connecting);
        connecting.addListener(done -> finished(connecting));
        if (!left.isEmpty()) {
            nextStart = loop.schedule(this::startNext, STAGGER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void finished(ChannelFuture attempt) {
        running.remove(attempt);
        if (over) {
            attempt.channel().close();
            return;
        }
        Throwable cause = attempt.cause();
        if (cause == null) {
            end();
            outcome.onConnected(attempt.channel());
            return;
        }
        remember(ConnectFailures.refusal(cause));
        if (!left.isEmpty()) {
            if (nextStart != null) {
                nextStart.cancel(false);
            }
            startNext();
        } else if (running.isEmpty()) {
            fail();
        }
    }

    private void remember(Refusal refusal) {
        if (worst == null || ConnectFailures.weight(refusal) > ConnectFailures.weight(worst)) {
            worst = refusal;
        }
    }

    private void timeOut() {
        if (!over) {
            remember(new Refusal(ErrorCode.TIMED_OUT, "no answer within " + TOTAL_MILLIS / 1000 + " s"));
            fail();
        }
    }

    private void fail() {
        end();
        outcome.onRefused(worst == null ? new Refusal(ErrorCode.GENERAL_FAILURE, "no address") : worst);
    }

    private void end() {
        over = true;
        deadline.cancel(false);
        if (nextStart != null) {
            nextStart.cancel(false);
        }
        for (ChannelFuture each : Set.copyOf(running)) {
            Channel channel = each.channel();
            channel.close();
        }
    }
}

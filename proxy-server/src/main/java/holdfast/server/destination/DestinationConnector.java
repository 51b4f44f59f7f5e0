package holdfast.server.destination;

import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.StreamKind;
import holdfast.server.policy.Policy;
import holdfast.server.policy.Verdict;
import holdfast.transport.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Connects to destinations: resolves, asks the policy about every address, races those it allows. The address that was checked is the one connected to,
 * so a name that changes its answer between the two gains nothing.
 */
public final class DestinationConnector {
    private static final long RESOLVE_SECONDS = 5;

    /** More than this many addresses of one name are not tried. */
    private static final int MAX_ADDRESSES = 16;

    private final EventLoops loops;
    private final Resolver resolver;
    private final Supplier<Policy> policy;

    /** What came of it; exactly one is called, on the event loop that was given. */
    public interface Outcome {
        /** A socket that does not read by itself. */
        void onConnected(Channel socket);

        void onRefused(Refusal refusal);
    }

    /** @param policy the one in force when it is asked for */
    public DestinationConnector(EventLoops loops, Resolver resolver, Supplier<Policy> policy) {
        this.loops = loops;
        this.resolver = resolver;
        this.policy = policy;
    }

    public void connect(EventLoop loop, String user, Destination destination, Outcome outcome) {
        if (destination instanceof Destination.Ip ip) {
            race(loop, user, List.of(ip.address()), ip.port(), outcome);
        } else if (destination instanceof Destination.Name name) {
            resolve(loop, user, name, outcome);
        } else {
            outcome.onRefused(new Refusal(ErrorCode.NOT_ALLOWED, "Unix-domain sockets of the gateway are not open"));
        }
    }

    private void resolve(EventLoop loop, String user, Destination.Name name, Outcome outcome) {
        boolean[] answered = new boolean[1]; // touched on the event loop only
        var timeout = loop.schedule(
                () -> {
                    if (!answered[0]) {
                        answered[0] = true;
                        outcome.onRefused(new Refusal(
                                ErrorCode.NAME_NOT_FOUND,
                                "the name " + name.host() + " was not resolved within " + RESOLVE_SECONDS + " s"));
                    }
                },
                RESOLVE_SECONDS,
                TimeUnit.SECONDS);
        resolver.resolve(name.host(), new Resolver.Answer() {
            @Override
            public void addresses(List<InetAddress> addresses) {
                once(() -> race(loop, user, addresses, name.port(), outcome));
            }

            @Override
            public void failed(Refusal refusal) {
                once(() -> outcome.onRefused(refusal));
            }

            private void once(Runnable action) {
                loop.execute(() -> {
                    if (!answered[0]) {
                        answered[0] = true;
                        timeout.cancel(false);
                        action.run();
                    }
                });
            }
        });
    }

    private void race(EventLoop loop, String user, List<InetAddress> addresses, int port, Outcome outcome) {
        List<InetAddress> allowed = new ArrayList<>();
        String rule = "no address";
        for (InetAddress each : addresses) {
            Verdict verdict = policy.get().check(user, StreamKind.TCP, each, port);
            if (verdict.allowed()) {
                allowed.add(each);
            } else {
                rule = verdict.rule();
            }
        }
        if (allowed.isEmpty()) {
            outcome.onRefused(new Refusal(ErrorCode.NOT_ALLOWED, rule));
            return;
        }
        Bootstrap bootstrap = loops.streamClient(loop).handler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Quiet());
            }
        });
        new Race(bootstrap, loop, interleave(allowed, port), outcome).startNext();
    }

    /** Families in turn, so that one that is broken costs one pause at most (RFC 8305 section 4). */
    private static ArrayDeque<InetSocketAddress> interleave(List<InetAddress> addresses, int port) {
        ArrayDeque<InetAddress> six = new ArrayDeque<>();
        ArrayDeque<InetAddress> four = new ArrayDeque<>();
        addresses.forEach(each -> (each instanceof Inet6Address ? six : four).add(each));
        ArrayDeque<InetSocketAddress> order = new ArrayDeque<>();
        boolean sixNext = addresses.get(0) instanceof Inet6Address;
        while ((!six.isEmpty() || !four.isEmpty()) && order.size() < MAX_ADDRESSES) {
            ArrayDeque<InetAddress> from = (sixNext && !six.isEmpty()) || four.isEmpty() ? six : four;
            order.add(new InetSocketAddress(from.remove(), port));
            sixNext = !sixNext;
        }
        return order;
    }

    /** Until a relay takes the socket over, what goes wrong with it just closes it. */
    private static final class Quiet extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (context.pipeline().last() == this) {
                context.close();
            } else {
                context.fireExceptionCaught(cause);
            }
        }
    }
}

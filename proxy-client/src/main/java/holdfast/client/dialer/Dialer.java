package holdfast.client.dialer;

import holdfast.identity.Pin;
import holdfast.transport.EventLoops;
import holdfast.transport.PathChannel;
import holdfast.transport.SocketOptions;
import holdfast.transport.TlsContexts;
import holdfast.transport.TlsEndpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.ImmediateExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Connects along a route and does the TLS handshake. Belongs to one event loop; names are looked up off it. */
public final class Dialer {
    private static final int MOST_REACHED = 32;

    private final EventLoops loops;
    private final EventLoop loop;
    private final TlsEndpoint tls;
    private final Executor slowWork;
    private final Consumer<Pin> proven;
    private final Map<String, Carrier> carriers;

    /** Where the last connections along routes to plain addresses went to: dialed again, nothing has to be looked up. */
    private final Map<Route, Target> reached = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Route, Target> eldest) {
            return size() > MOST_REACHED;
        }
    };

    private record Target(InetSocketAddress to, Optional<LocalInterface> by) {}

    /** What became of an attempt; exactly one is called, on the event loop. */
    public interface Outcome {
        /** The connection is encrypted and held. */
        void onConnected(PathChannel path);

        void onFailed(Throwable cause);
    }

    /** An attempt under way. */
    public static final class Attempt {
        private final long begun = System.nanoTime();
        private boolean over;
        private boolean answered;
        private Runnable abandon = () -> {};

        /** Whether nothing at all has come back for so long, in milliseconds. */
        public boolean isUnansweredFor(long millis) {
            return !answered && System.nanoTime() - begun >= TimeUnit.MILLISECONDS.toNanos(millis);
        }

        /** Gives the attempt up; its outcome is not told any more. */
        public void cancel() {
            if (!over) {
                over = true;
                abandon.run();
            }
        }
    }

    /**
     * A dialer.
     *
     * @param slowWork looks names up and the machine's own addresses; the key operations of a handshake take less time than another thread needs to begin with them
     * @param proven told which key the gateway has proved in each handshake that succeeded
     * @param carriers connect along routes through relays, by {@link Route#relays}
     */
    public Dialer(
            EventLoops loops,
            EventLoop loop,
            TlsEndpoint tls,
            Executor slowWork,
            Consumer<Pin> proven,
            Map<String, Carrier> carriers) {
        this.loops = loops;
        this.loop = loop;
        this.tls = tls;
        this.slowWork = slowWork;
        this.proven = proven;
        this.carriers = Map.copyOf(carriers);
    }

    /** Whether what silence there is on a route can only be its own: the relays it leads through, if any, are heard of. */
    public boolean isCarried(Route route) {
        return !route.isRelayed() || carrier(route).isUp();
    }

    private Carrier carrier(Route route) {
        Carrier carrier = carriers.get(route.relays());
        if (carrier == null) {
            throw new IllegalStateException("nothing leads through " + route.relays());
        }
        return carrier;
    }

    /**
     * Connects and encrypts.
     *
     * @param attemptNumber how many attempts on this route have failed before, for trying the addresses of a name in turn
     * @param millis how long that may take, in milliseconds
     */
    public Attempt dial(Route route, int attemptNumber, int millis, Outcome outcome) {
        Attempt attempt = new Attempt();
        loop.schedule(
                () -> {
                    if (!attempt.over) {
                        attempt.abandon.run();
                    }
                    fail(attempt, outcome, new SocketTimeoutException("no answer within " + millis + " ms"));
                },
                millis,
                TimeUnit.MILLISECONDS);
        if (route.isRelayed()) {
            loop.execute(() -> connectThroughRelays(route, attempt, outcome));
            return attempt;
        }
        Target known = reached.get(route);
        if (known != null && attemptNumber == 0) {
            loop.execute(() -> connect(route, known, attempt, outcome));
            return attempt;
        }
        slowWork.execute(() -> {
            try {
                InetAddress address = address(route, attemptNumber);
                Target target = new Target(
                        new InetSocketAddress(address, route.port()), isOwn(address) ? Optional.empty() : route.via());
                loop.execute(() -> connect(route, target, attempt, outcome));
            } catch (UnknownHostException e) {
                loop.execute(() ->
                        fail(attempt, outcome, new UnknownHostException("the name " + route.host() + " is not known")));
            } catch (NoRouteToHostException e) {
                loop.execute(() -> fail(attempt, outcome, e));
            }
        });
        return attempt;
    }

    /** A name may stand for several addresses: they are tried in turn, those only that the route's interface leads to. */
    private static InetAddress address(Route route, int attemptNumber)
            throws UnknownHostException, NoRouteToHostException {
        List<InetAddress> all = new ArrayList<>(List.of(InetAddress.getAllByName(route.host())));
        route.via().ifPresent(via -> all.removeIf(each -> !leads(via, each)));
        if (all.isEmpty()) {
            throw new NoRouteToHostException(
                    "no route by " + route.via().map(LocalInterface::name).orElse("any interface"));
        }
        return all.get(attemptNumber % all.size());
    }

    private static boolean leads(LocalInterface via, InetAddress to) {
        boolean sameFamily = via.address().getAddress().length == to.getAddress().length;
        return isOwn(to) || (sameFamily && RoutingTable.leads(via.name(), to));
    }

    /** What is sent to this machine itself goes by none of its interfaces: a socket bound to one would never be answered. */
    private static boolean isOwn(InetAddress address) {
        try {
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    private void connect(Route route, Target target, Attempt attempt, Outcome outcome) {
        if (attempt.over) {
            return;
        }
        reached.remove(route);
        Bootstrap bootstrap = loops.pathClient(loop).handler(handshake(attempt, outcome));
        target.by.ifPresent(via -> {
            bootstrap.localAddress(new InetSocketAddress(via.address(), 0));
            SocketOptions.bindToDevice(bootstrap, loops.kind(), via.name());
        });
        ChannelFuture connecting = bootstrap.connect(target.to);
        // A socket that could not even be made reports from a thread of Netty's own, and belongs to no loop that could
        // close what stands for it.
        attempt.abandon = () -> {
            if (connecting.channel().isOpen()) {
                connecting.channel().close();
            }
        };
        connecting.addListener(done -> {
            if (done.isSuccess()) {
                attempt.answered = true;
                if (NetUtil.isValidIpV4Address(route.host()) || NetUtil.isValidIpV6Address(route.host())) {
                    reached.put(route, target);
                }
            } else {
                loop.execute(() -> fail(attempt, outcome, done.cause()));
            }
        });
    }

    private void connectThroughRelays(Route route, Attempt attempt, Outcome outcome) {
        if (!attempt.over) {
            // Whether the relays are heard of is known without it.
            attempt.answered = true;
            attempt.abandon = carrier(route)
                    .connect(route.destination(), handshake(attempt, outcome), cause -> fail(attempt, outcome, cause));
        }
    }

    private ChannelInitializer<Channel> handshake(Attempt attempt, Outcome outcome) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                SslHandler handler = tls.addTo(channel.pipeline(), ImmediateExecutor.INSTANCE);
                channel.pipeline().addLast(new Handshake(handler, attempt, outcome));
            }
        };
    }

    private static void fail(Attempt attempt, Outcome outcome, Throwable cause) {
        if (!attempt.over) {
            attempt.over = true;
            outcome.onFailed(cause);
        }
    }

    /** Waits for TLS, then makes way for the path's own handler. */
    private final class Handshake extends ChannelInboundHandlerAdapter {
        private final SslHandler handler;
        private final Attempt attempt;
        private final Outcome outcome;

        Handshake(SslHandler handler, Attempt attempt, Outcome outcome) {
            this.handler = handler;
            this.attempt = attempt;
            this.outcome = outcome;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (!(event instanceof SslHandshakeCompletionEvent done)) {
                context.fireUserEventTriggered(event);
            } else if (!done.isSuccess()) {
                fail(attempt, outcome, done.cause());
            } else if (!attempt.over) {
                attempt.over = true;
                tellKey();
                PathChannel path = PathChannel.held(context.channel());
                context.pipeline().remove(this);
                outcome.onConnected(path);
            }
        }

        private void tellKey() {
            try {
                proven.accept(TlsContexts.peerPin(handler));
            } catch (SSLPeerUnverifiedException e) {
                throw new IllegalStateException("the handshake succeeded", e);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            fail(attempt, outcome, new IOException("closed during the handshake"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            fail(attempt, outcome, cause);
            context.close();
        }
    }
}

package holdfast.client.reverse;

import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.relay.EarlyBytes;
import holdfast.transport.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import java.io.FileNotFoundException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Connects to destinations as this machine sees them. */
final class LocalDialer {
    private final EventLoops loops;
    private final EventLoop loop;
    private final Executor slowWork;

    /** What came of it; exactly one is called, on the event loop. */
    interface Outcome {
        /** Gives the socket away: connected, not reading by itself. */
        void onConnected(Channel socket);

        /** It was not reached; the reason is for a person. */
        void onFailed(ErrorCode code, String reason);
    }

    /** @param slowWork where names are looked up */
    LocalDialer(EventLoops loops, EventLoop loop, Executor slowWork) {
        this.loops = loops;
        this.loop = loop;
        this.slowWork = slowWork;
    }

    /** Connects, trying the addresses of a name one after the other. */
    void dial(Destination to, Outcome outcome) {
        if (to instanceof Destination.Ip ip) {
            tryNext(to, queue(List.of(ip.address()), ip.port()), outcome);
        } else if (to instanceof Destination.Name name) {
            resolve(name, outcome);
        } else {
            Path path = Path.of(((Destination.Unix) to).path());
            connect(loops.unixStreamClient(loop), loops.unixAddress(path), to, outcome, new ArrayDeque<>());
        }
    }

    private void resolve(Destination.Name name, Outcome outcome) {
        try {
            slowWork.execute(() -> {
                try {
                    List<InetAddress> addresses = List.of(InetAddress.getAllByName(name.host()));
                    loop.execute(() -> tryNext(name, queue(addresses, name.port()), outcome));
                } catch (UnknownHostException e) {
                    loop.execute(() -> outcome.onFailed(
                            ErrorCode.NAME_NOT_FOUND, "the client finds no address of " + name.host()));
                }
            });
        } catch (RejectedExecutionException e) {
            outcome.onFailed(ErrorCode.LIMIT_REACHED, "the client is looking up too many names");
        }
    }

    private static Queue<InetSocketAddress> queue(List<InetAddress> addresses, int port) {
        Queue<InetSocketAddress> queue = new ArrayDeque<>();
        addresses.forEach(each -> queue.add(new InetSocketAddress(each, port)));
        return queue;
    }

    private void tryNext(Destination to, Queue<InetSocketAddress> untried, Outcome outcome) {
        connect(loops.streamClient(loop).disableResolver(), untried.remove(), to, outcome, untried);
    }

    private void connect(
            Bootstrap bootstrap,
            SocketAddress address,
            Destination to,
            Outcome outcome,
            Queue<InetSocketAddress> untried) {
        ChannelFuture connecting = bootstrap.handler(new EarlyBytes()).connect(address);
        // A socket that could not even be made reports from a thread of Netty's own.
        connecting.addListener(done -> loop.execute(() -> {
            if (done.isSuccess()) {
                outcome.onConnected(connecting.channel());
                return;
            }
            // What stands for a socket that could not be made belongs to no loop that could close it.
            if (connecting.channel().isOpen()) {
                connecting.channel().close();
            }
            if (untried.isEmpty()) {
                outcome.onFailed(codeOf(done.cause()), "the client cannot reach " + to + ": " + reasonOf(done.cause()));
            } else {
                tryNext(to, untried, outcome);
            }
        }));
    }

    /** Netty's epoll says nothing of a socket's file that is not there. */
    private static String reasonOf(Throwable failure) {
        return failure instanceof FileNotFoundException ? "nobody listens there" : String.valueOf(failure.getMessage());
    }

    private static ErrorCode codeOf(Throwable failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        if (failure instanceof ConnectTimeoutException || message.contains("timed out")) {
            return ErrorCode.TIMED_OUT;
        }
        if (message.contains("network is unreachable")) {
            return ErrorCode.NETWORK_UNREACHABLE;
        }
        if (failure instanceof NoRouteToHostException || message.contains("no route")) {
            return ErrorCode.HOST_UNREACHABLE;
        }
        return failure instanceof FileNotFoundException || message.contains("refused")
                ? ErrorCode.CONNECTION_REFUSED
                : ErrorCode.GENERAL_FAILURE;
    }
}

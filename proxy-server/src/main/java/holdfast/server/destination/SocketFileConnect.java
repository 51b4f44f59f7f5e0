package holdfast.server.destination;

import holdfast.protocol.ErrorCode;
import holdfast.relay.EarlyBytes;
import holdfast.transport.EventLoops;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.io.FileNotFoundException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/** Connects to a Unix-domain socket of this machine. Confined to its event loop. */
final class SocketFileConnect {
    private final EventLoops loops;
    private final EventLoop loop;
    private final String path;
    private final DestinationConnector.Outcome outcome;
    private boolean cancelled;

    SocketFileConnect(EventLoops loops, EventLoop loop, String path, DestinationConnector.Outcome outcome) {
        this.loops = loops;
        this.loop = loop;
        this.path = path;
        this.outcome = outcome;
    }

    void start() {
        ChannelFuture connecting;
        try {
            connecting =
                    loops.unixStreamClient(loop).handler(new EarlyBytes()).connect(loops.unixAddress(Path.of(path)));
        } catch (InvalidPathException e) {
            outcome.onRefused(new Refusal(ErrorCode.GENERAL_FAILURE, path + ": " + e.getReason()));
            return;
        }
        // A socket that could not even be made reports from a thread of Netty's own.
        connecting.addListener(done -> loop.execute(() -> settle(connecting)));
    }

    void cancel() {
        cancelled = true;
    }

    private void settle(ChannelFuture connecting) {
        Channel socket = connecting.channel();
        if (!cancelled && connecting.isSuccess()) {
            outcome.onConnected(socket);
            return;
        }
        // What stands for a socket that could not be made belongs to no loop that could close it.
        if (socket.isOpen()) {
            socket.close();
        }
        if (!cancelled) {
            outcome.onRefused(refusal(connecting.cause()));
        }
    }

    private Refusal refusal(Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        String known = message.toLowerCase(Locale.ROOT);
        // Netty's epoll says nothing more of a file that is not there.
        if (thrown instanceof FileNotFoundException || known.contains("no such file") || known.contains("refused")) {
            return new Refusal(ErrorCode.CONNECTION_REFUSED, path + ": nobody listens there");
        }
        return new Refusal(ErrorCode.GENERAL_FAILURE, path + ": " + message);
    }
}

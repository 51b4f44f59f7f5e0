package holdfast.server.destination;

import holdfast.transport.EventLoops;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One attempt to reach a destination, from the name to the socket. Confined to its event loop. */
public final class ConnectAttempt {
    private final EventLoops loops;
    private final EventLoop loop;
    private final DestinationConnector.Outcome outcome;
    private final ConnectLimits limits;
    private @Nullable ConnectRace race;
    private @Nullable SocketFileConnect socketFile;
    private boolean over;

    ConnectAttempt(EventLoops loops, EventLoop loop, ConnectLimits limits, DestinationConnector.Outcome outcome) {
        this.loops = loops;
        this.loop = loop;
        this.limits = limits;
        this.outcome = outcome;
    }

    /** Nobody wants the socket any more: closes what was made, and the outcome is not told. */
    public void cancel() {
        over = true;
        if (race != null) {
            race.cancel();
        }
        if (socketFile != null) {
            socketFile.cancel();
        }
    }

    void race(List<InetAddress> addresses, int port) {
        if (over) {
            return;
        }
        List<InetSocketAddress> targets = addresses.stream()
                .map(each -> new InetSocketAddress(each, port))
                .toList();
        ConnectRace started = new ConnectRace(loops, loop, limits, targets, outcome);
        race = started;
        started.start();
    }

    /** Connects to a Unix-domain socket. */
    void connect(String path) {
        SocketFileConnect started = new SocketFileConnect(loops, loop, path, outcome);
        socketFile = started;
        started.start();
    }

    void refuse(Refusal refusal) {
        if (!over) {
            over = true;
            outcome.onRefused(refusal);
        }
    }
}

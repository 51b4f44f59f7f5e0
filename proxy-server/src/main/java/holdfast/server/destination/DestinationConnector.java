package holdfast.server.destination;

import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.StreamKind;
import holdfast.server.policy.Verdict;
import holdfast.transport.EventLoops;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.util.List;

/** Opens the last hop. */
public final class DestinationConnector {
    private final EventLoops loops;
    private final AddressFinder finder;
    private final PathCheck paths;
    private final ConnectLimits limits;

    /** What came of it; exactly one is called, on the event loop, unless the attempt was cancelled. */
    public interface Outcome {
        /**
         * Gives the socket away: connected, not reading by itself, half-closure allowed. Bytes and an end that arrive nevertheless are kept for
         * {@link holdfast.relay.Relay#start}.
         */
        void onConnected(Channel socket);

        void onRefused(Refusal refusal);
    }

    public DestinationConnector(EventLoops loops, AddressFinder finder, PathCheck paths) {
        this(loops, finder, paths, ConnectLimits.USUAL);
    }

    DestinationConnector(EventLoops loops, AddressFinder finder, PathCheck paths, ConnectLimits limits) {
        this.loops = loops;
        this.paths = paths;
        this.finder = finder;
        this.limits = limits;
    }

    /**
     * Connects to a destination, within 5 s for its name and 10 s for its addresses; call it on the loop. The outcome may come before this returns.
     *
     * @param loop of the stream that the socket is for
     */
    public ConnectAttempt connect(EventLoop loop, String user, Destination destination, Outcome outcome) {
        ConnectAttempt attempt = new ConnectAttempt(loops, loop, limits, outcome);
        if (destination instanceof Destination.Unix unix) {
            Verdict verdict = paths.check(user, unix.path());
            if (verdict.allowed()) {
                attempt.connect(unix.path());
            } else {
                attempt.refuse(new Refusal(ErrorCode.NOT_ALLOWED, verdict.rule()));
            }
            return attempt;
        }
        finder.find(loop, user, StreamKind.TCP, destination, new AddressFinder.Callback() {
            @Override
            public void onFound(List<InetAddress> addresses) {
                attempt.race(addresses, destination.port());
            }

            @Override
            public void onRefused(Refusal refusal) {
                attempt.refuse(refusal);
            }
        });
        return attempt;
    }
}

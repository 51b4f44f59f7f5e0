package holdfast.session;

import holdfast.frame.Datagram;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Datagrams that wait for a path: few, and not for long, because late is worse than lost (PROTOCOL.md section 10). */
final class DatagramQueue {
    private static final int MAX_COUNT = 64;
    private static final int MAX_BYTES = 256 * 1024;
    private static final long MAX_AGE = 100_000_000;

    private record Waiting(Datagram datagram, long since) {}

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private int bytes;

    /** Takes ownership of the payload; the oldest go where there are too many. */
    void add(Datagram datagram, long now) {
        waiting.add(new Waiting(datagram, now));
        bytes += datagram.payload().readableBytes();
        while (waiting.size() > MAX_COUNT || bytes > MAX_BYTES) {
            take().release();
        }
    }

    /** The oldest that is still worth sending, gives ownership; null where there is none. */
    @Nullable Datagram poll(long now) {
        while (!waiting.isEmpty()) {
            boolean late = now - waiting.element().since() > MAX_AGE;
            Datagram next = take();
            if (!late) {
                return next;
            }
            next.release();
        }
        return null;
    }

    void clear() {
        while (!waiting.isEmpty()) {
            take().release();
        }
    }

    private Datagram take() {
        Datagram datagram = waiting.remove().datagram();
        bytes -= datagram.payload().readableBytes();
        return datagram;
    }
}

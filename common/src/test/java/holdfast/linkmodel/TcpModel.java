package holdfast.linkmodel;

import java.util.TreeMap;

/**
 * As much of TCP with CUBIC as matters to what sits on top of it: a window that grows until the queue drops something, then shrinks to 70 %; what was
 * lost is sent again a round trip later, and nothing behind it is handed on before.
 */
public class TcpModel {
    private static final int SEGMENT = 1448;
    private static final double C = 0.4;
    private static final double BETA = 0.7;

    protected final Clockwork clock;
    private final Bottleneck link;

    private double window = 10;
    private double threshold = Double.MAX_VALUE;
    private double windowAtLoss = 10;
    private long lossAt;
    private long recoverBehind;

    private long written;
    private long next;
    private long inFlight;
    private long handedOn;
    private int lostSegments;

    private boolean paced;
    private long maySendAt;

    /** Segments that wait to be sent again, and what has arrived behind a hole: start and length. */
    private final TreeMap<Long, Integer> again = new TreeMap<>();

    private final TreeMap<Long, Integer> behindHole = new TreeMap<>();

    public TcpModel(Clockwork clock, Bottleneck link) {
        this.clock = clock;
        this.link = link;
    }

    /** From now on the window is not sent at once, but spread over a round trip as Linux does it: over half of one at the start, a little less than one later. */
    public void pace() {
        paced = true;
    }

    /** Bytes in the kernel that were not sent yet. */
    public long unsent() {
        return written - next;
    }

    public long handedOn() {
        return handedOn;
    }

    public int lostSegments() {
        return lostSegments;
    }

    /** Bytes that were ever written. */
    public long written() {
        return written;
    }

    public void write(long bytes) {
        written += bytes;
        push();
    }

    /** The other end's TCP has this many bytes in order. */
    public void onHandedOn(long total) {}

    /** There may be room for more. */
    public void onRoom() {}

    private void push() {
        while (inFlight < windowBytes()) {
            if (clock.now() < maySendAt) {
                return;
            }
            if (!again.isEmpty()) {
                var first = again.pollFirstEntry();
                transmit(first.getKey(), first.getValue());
            } else if (next < written) {
                int length = (int) Math.min(SEGMENT, written - next);
                next += length;
                transmit(next - length, length);
            } else {
                return;
            }
        }
    }

    private long windowBytes() {
        return (long) (window * SEGMENT);
    }

    private void transmit(long start, int length) {
        inFlight += length;
        if (paced) {
            double share = window < threshold ? 0.5 : 0.83;
            long pause = (long) (share * 2 * link.delay() * length / windowBytes());
            maySendAt = clock.now() + pause;
            clock.in(pause, () -> {
                push();
                onRoom();
            });
        }
        if (!link.send(length, () -> arrived(start, length))) {
            lostSegments++;
            // Noticed when what was sent just behind it is acknowledged.
            clock.in(2 * link.delay() + link.queueDelay(), () -> lost(start, length));
        }
    }

    private void arrived(long start, int length) {
        behindHole.put(start, length);
        long before = handedOn;
        while (!behindHole.isEmpty() && behindHole.firstKey() == handedOn) {
            handedOn += behindHole.pollFirstEntry().getValue();
        }
        if (handedOn > before) {
            onHandedOn(handedOn);
        }
        clock.in(link.delay(), () -> acknowledged(length));
    }

    private void acknowledged(int length) {
        inFlight -= length;
        // A window that is not used does not grow.
        if (unsent() > 0 || inFlight + 2 * SEGMENT >= windowBytes()) {
            if (window < threshold) {
                window += (double) length / SEGMENT;
            } else {
                double seconds = (clock.now() - lossAt) / 1e9;
                double k = Math.cbrt(windowAtLoss * (1 - BETA) / C);
                double target = C * Math.pow(seconds - k, 3) + windowAtLoss;
                window += Math.max(0.01, Math.min(target - window, window / 2)) / window;
            }
        }
        push();
        onRoom();
    }

    private void lost(long start, int length) {
        inFlight -= length;
        again.put(start, length);
        if (start >= recoverBehind) {
            recoverBehind = next;
            lossAt = clock.now();
            windowAtLoss = window;
            window = Math.max(2, window * BETA);
            threshold = window;
        }
        push();
    }
}

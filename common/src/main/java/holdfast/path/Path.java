package holdfast.path;

import holdfast.frame.Frame;
import holdfast.protocol.PathStanding;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One path of a session: counters of both directions, what is out and unacknowledged, and when silence becomes suspicious.
 *
 * <p>Offsets count frame bytes from the path's first frame on; they are never written down on the wire, both ends count (PROTOCOL.md section 4).
 * Times are nanoseconds of the caller's clock.
 *
 * @param <T> what an entry of the replay log stands for
 */
public final class Path<T> {
    private static final long MILLIS = 1_000_000;
    private static final long UNKNOWN_RTT = 300 * MILLIS;

    /** For what has arrived while the caller was held up, to be read. */
    private static final long TIME_TO_READ = 50 * MILLIS;

    /** What is shorter happens all the time, and what has arrived meanwhile is read before anybody is suspected. */
    private static final long LONG_DELAY = 50 * MILLIS;

    private static final long STALE_SAMPLE = 500 * MILLIS;

    /** Nothing was ever heard, so nothing is known about how long an answer takes. */
    private static final long DEAD_UNHEARD = 5000 * MILLIS;

    /** Of a path inside another session there is nothing to gain by giving it up while that session looks for a way. */
    private static final long DEAD_CARRIED = 30_000 * MILLIS;

    /** A receiver to which so much has come, and for so long, wants to know that the path still answers. */
    private static final long MUCH_RECEIVED = 16 * 1024;

    private static final long ASK_EVERY = 25 * MILLIS;

    private static final long FIRST_WINDOW = 10 * 1448;
    private static final long NONE = Long.MAX_VALUE;

    private final long id;
    private final RttEstimator rtt = new RttEstimator();
    private final DeliveryRate rate = new DeliveryRate();
    private final InFlightLimit limit = new InFlightLimit();
    private final ReplayLog<T> log = new ReplayLog<>();
    private final ArrayDeque<Frame> outbox = new ArrayDeque<>(4);
    private long startedAt;

    private PathState state = PathState.JOINING;
    private PathStanding standing = PathStanding.ACTIVE;
    private long standingSequence = -1;

    private long sent;
    private long acknowledged;

    /** What had been sent when the log was last empty. */
    private long unconfirmed;

    private long received;
    private long repeated;

    private long announced;
    private long unannouncedSince = NONE;
    private long newestReceivedAt;

    private long progressAt;
    private boolean forgiven;
    private long lateBy;
    private long lateAt;
    private long sampledAt;
    private boolean carried;
    private long probeNonce;
    private long probeSentAt = NONE;
    private long askedAt;
    private long receivedWhenAsked;
    private long activeAt;

    public Path(long id, long now) {
        this.id = id;
        this.startedAt = now;
        this.progressAt = now;
        this.activeAt = now;
    }

    public long id() {
        return id;
    }

    public PathState state() {
        return state;
    }

    public PathStanding standing() {
        return standing;
    }

    public RttEstimator rtt() {
        return rtt;
    }

    public DeliveryRate rate() {
        return rate;
    }

    /** How much may be on its way here. */
    public InFlightLimit limit() {
        return limit;
    }

    /** Whether what is bulk has to wait until more is acknowledged. */
    public boolean isFull() {
        return outstanding() >= limit.bytes();
    }

    public ReplayLog<T> log() {
        return log;
    }

    /** Frame bytes put on the path. */
    public long sent() {
        return sent;
    }

    /** Frame bytes that arrived by the path. */
    public long received() {
        return received;
    }

    /** Frame bytes of the log's entries that were sent here for the second time. */
    public long repeated() {
        return repeated;
    }

    /**
     * Bytes put on the path that the peer has not acknowledged and will: what left while nothing was remembered, such as acknowledgements, nobody
     * confirms.
     */
    public long outstanding() {
        return log.isEmpty() ? 0 : sent - Math.max(acknowledged, unconfirmed);
    }

    public long startedAt() {
        return startedAt;
    }

    public boolean isUp() {
        return state == PathState.UP;
    }

    public boolean isAlive() {
        return state != PathState.DEAD;
    }

    public void joined(long now) {
        if (state == PathState.JOINING) {
            state = PathState.UP;
            progressAt = now;
        }
    }

    /** The path was silent for too long: nothing new is put on it. */
    public void suspect() {
        state = PathState.SUSPECT;
    }

    public void die() {
        state = PathState.DEAD;
        outbox.clear();
        probeSentAt = NONE;
        unannouncedSince = NONE;
    }

    /**
     * How the path is to be used from now on. A smaller sequence is old news; of two with the same the more careful holds, so that both ends come to
     * the same. Returns whether it changed anything.
     */
    public boolean stand(PathStanding newStanding, long sequence) {
        if (sequence < standingSequence || (sequence == standingSequence && newStanding.code() <= standing.code())) {
            return false;
        }
        standingSequence = sequence;
        boolean changed = standing != newStanding;
        standing = newStanding;
        return changed;
    }

    /** Which of the changes of its standing holds; 0 for that of its first frame. */
    public long standingSequence() {
        return standingSequence;
    }

    // What leaves.

    /** Queues a frame that belongs to this path and to no other. */
    public void post(Frame frame) {
        outbox.add(frame);
    }

    public int posted() {
        return outbox.size();
    }

    /** The next frame of this path's own, or null. */
    public @Nullable Frame pollPosted() {
        return outbox.poll();
    }

    /** Counts a frame that is not remembered. */
    public void countSent(int length, long now) {
        sent += length;
        activeAt = now;
    }

    /** Counts a frame that must arrive: {@code item} comes back when it is acknowledged or the path dies. */
    public void remember(int length, T item, long now) {
        if (log.isEmpty()) {
            progressAt = now;
            forgiven = false;
            unconfirmed = sent;
        }
        countSent(length, now);
        log.add(sent, length, now, item);
    }

    public void countRepeated(int length) {
        repeated += length;
    }

    // What arrives.

    /** Counts bytes whose frames have all been handled. */
    public void countReceived(int bytes, long now) {
        received += bytes;
        newestReceivedAt = now;
        activeAt = now;
    }

    /** A frame arrived that the peer remembers, so it waits for an acknowledgement. */
    public void expectAcknowledgement(long now) {
        if (unannouncedSince == NONE) {
            unannouncedSince = now;
        }
    }

    /** What was announced may have been lost on its way. */
    public void announceAgain(long now) {
        if (announced > 0) {
            expectAcknowledgement(now);
        }
    }

    /** When the oldest arrival that the peer waits to hear of came, or {@link Long#MAX_VALUE}. */
    public long unannouncedSince() {
        return unannouncedSince;
    }

    public long unannouncedBytes() {
        return received - announced;
    }

    /** The count to announce now. Time since the newest arrival goes with it, so that it does not count as the network's. */
    public long announce() {
        announced = received;
        unannouncedSince = NONE;
        return received;
    }

    public long newestReceivedAt() {
        return newestReceivedAt;
    }

    /**
     * The peer has received {@code count} bytes here.
     *
     * @param hold nanoseconds the peer waited before it said so
     * @return whether a suspected path is trusted again
     */
    public boolean acknowledge(long count, long hold, long now, Consumer<? super T> settled) {
        if (count <= acknowledged) {
            return false;
        }
        long fresh = count - acknowledged;
        acknowledged = count;
        progressAt = now;
        forgiven = false;
        int taken = log.acknowledge(count, settled);
        if (taken > 0) {
            long roundTrip = Math.max(1, now - log.lastAcknowledgedSentAt() - hold);
            rtt.sample(roundTrip);
            if (isPunctual(now)) {
                sampledAt = now;
                limit.sample(roundTrip, log.lastAcknowledgedBytes(), now);
            }
        }
        limit.acknowledged(sent, acknowledged, now);
        rate.acknowledged(fresh, now, rtt.smoothed(UNKNOWN_RTT));
        if (state == PathState.SUSPECT) {
            state = PathState.UP;
            return true;
        }
        return false;
    }

    /**
     * Whether what is read now was not kept waiting by this end itself: not the network's queue would be seen in it, but that for the processor. Who is
     * late all the time has nothing better.
     */
    private boolean isPunctual(long now) {
        return lateBy == 0 || now - lateAt >= lateBy || now - sampledAt >= STALE_SAMPLE;
    }

    /** The largest count of bytes the peer has said it received. */
    public long acknowledged() {
        return acknowledged;
    }

    // Silence.

    /** Remembers a probe that was just posted. */
    public void probe(long nonce, long now) {
        if (log.isEmpty()) {
            forgiven = false;
        }
        probeNonce = nonce;
        probeSentAt = now;
        askedAt = now;
        receivedWhenAsked = received;
    }

    /**
     * Whether much arrives here and nothing is owed in return. Such a path could go dark unnoticed: who receives has little to send that would be missed, and
     * the sender, who misses its acknowledgements, may have no other path to say so.
     */
    public boolean arrivesUnasked(long now) {
        return isUp() && !isWaiting() && received - receivedWhenAsked >= MUCH_RECEIVED && now - askedAt >= ASK_EVERY;
    }

    public boolean isProbed() {
        return probeSentAt != NONE;
    }

    /** The answer to a probe arrived. Returns whether a suspected path is trusted again. */
    public boolean probeAnswered(long nonce, long now) {
        if (probeSentAt == NONE || nonce != probeNonce) {
            return false;
        }
        rtt.sample(now - probeSentAt);
        limit.sample(Math.max(1, now - probeSentAt), 0, now);
        probeSentAt = NONE;
        // A path that answers probes but swallows data stays suspected: only bytes that arrive prove that bytes arrive.
        if (state == PathState.SUSPECT && log.isEmpty()) {
            state = PathState.UP;
            return true;
        }
        return false;
    }

    /** Whether the peer owes an answer. */
    public boolean isWaiting() {
        return !log.isEmpty() || probeSentAt != NONE;
    }

    /** Since when no answer came although one is owed. */
    public long silentSince() {
        if (!log.isEmpty()) {
            return progressAt;
        }
        return probeSentAt == NONE ? NONE : Math.max(Math.max(probeSentAt, progressAt), newestReceivedAt);
    }

    /**
     * The caller itself was held up for {@code nanos}: this silence was not the path's. An answer may have come meanwhile and wait to be read, so
     * there is some time for that too, but once in a silence only: the caller may be late again and again.
     */
    public void forgive(long nanos, long now) {
        lateBy = nanos;
        lateAt = now;
        boolean isLong = nanos > LONG_DELAY;
        long more = forgiven || !isLong ? nanos : nanos + TIME_TO_READ;
        forgiven |= isLong;
        startedAt = Math.min(now, startedAt + more);
        progressAt = Math.min(now, progressAt + more);
        if (probeSentAt != NONE) {
            probeSentAt = Math.min(now, probeSentAt + more);
        }
    }

    /** How long a silence is suspicious, PROTOCOL.md section 6. */
    public long suspectAfter() {
        return Math.max(100 * MILLIS, 2 * rtt.smoothed(UNKNOWN_RTT) + 4 * rtt.variation() + 25 * MILLIS);
    }

    /**
     * How long a silence is final.
     *
     * @param alone whether no other path is up
     */
    public long deadAfter(boolean alone) {
        long usual = rtt.hasSample() ? Math.max(1000 * MILLIS, 3 * suspectAfter()) : DEAD_UNHEARD;
        return carried && alone ? Math.max(DEAD_CARRIED, usual) : usual;
    }

    /** The path runs inside another session, whose outages are silences of this one and lose nothing. */
    public void carried() {
        carried = true;
    }

    /** When anything last moved here in either direction. */
    public long activeAt() {
        return activeAt;
    }

    // Choosing.

    /** Bytes that the path carries in so many seconds, as far as is known: {@link Long#MAX_VALUE} where it is not. */
    public long carriedIn(double seconds) {
        return limit.rate() == 0 ? Long.MAX_VALUE : (long) (limit.rate() * seconds);
    }

    /** How long what is out takes longer to arrive than the path is, in nanoseconds: it waits in a queue that is ours; 0 where no rate is known. */
    public long queued() {
        double perSecond = rate.bytesPerSecond(0);
        return perSecond == 0 ? 0 : Math.max(0, (long) (outstanding() / perSecond * 1e9) - rtt.minimum(UNKNOWN_RTT));
    }

    /**
     * Whether more is out than a connection that has just begun sends at once: ten segments and as much as was acknowledged (RFC 6928, RFC 5681). What is put on it beyond
     * that waits for round trips, which are not in {@link #queued}.
     */
    public boolean isBeyondStart() {
        return isBeyondStart(0);
    }

    private boolean isBeyondStart(long more) {
        return outstanding() + more > FIRST_WINDOW + acknowledged;
    }

    /**
     * When a byte put on the path now would arrive, in nanoseconds from now: what is out before it, then half a round trip, and a whole one more where a new connection does not
     * send it at once.
     */
    public long arrivalTime(long bytes) {
        double perSecond = rate.bytesPerSecond(1.25e6);
        long roundTrip = rtt.minimum(UNKNOWN_RTT);
        long wait = isBeyondStart(bytes) ? roundTrip : 0;
        return (long) ((outstanding() + bytes) / perSecond * 1e9) + wait + roundTrip / 2;
    }
}

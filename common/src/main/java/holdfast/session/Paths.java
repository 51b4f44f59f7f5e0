package holdfast.session;

import holdfast.frame.Frame;
import holdfast.frame.PathAck;
import holdfast.frame.PathClose;
import holdfast.frame.PathCount;
import holdfast.frame.PathStatus;
import holdfast.frame.Ping;
import holdfast.frame.Pong;
import holdfast.frame.VarInt;
import holdfast.path.Path;
import holdfast.path.PathSelector;
import holdfast.path.PathState;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.PathStanding;
import holdfast.protocol.ProtocolException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The paths of a session: which there are, what each has received, which of them has been silent for too long, and what happens to the log of one
 * that is lost (PROTOCOL.md sections 4 and 6). Times in nanoseconds.
 */
final class Paths {
    private static final long SECOND = 1_000_000_000;

    /** A path that is asked to join answers within this time or is given up. */
    private static final long JOIN_TIMEOUT = 10 * SECOND;

    private static final long PROBE_BUSY = 15 * SECOND;
    private static final long PROBE_QUIET = 120 * SECOND;

    /** Control answers queued for a peer that does not read. */
    private static final int MAX_POSTED = 64;

    /** Ranges of path numbers that are told apart; gaps are dials whose first frame was lost. */
    private static final int MAX_RANGES = 64;

    /** Unacknowledged bytes of lost paths that are sent again without waiting to hear what of them arrived. */
    private static final long EAGER_BYTES = 64 * 1024;

    private static final long MUCH = 16 * 1024;

    private final Map<Long, Path<Sent>> paths = new LinkedHashMap<>();
    private final PathSelector<Sent> selector = new PathSelector<>(paths.values());
    private final Acknowledgements acknowledgements = new Acknowledgements(paths.values());
    private final IdLedger used = new IdLedger();
    private final Retired retired = new Retired();
    private final Outbound outbound;
    private final FrameBudget budget;
    private final Consumer<SessionEvent> events;

    private long nextNonce = 1;
    private long readAgainAt = Long.MIN_VALUE;
    private long statusSequence;

    Paths(Outbound outbound, FrameBudget budget, Consumer<SessionEvent> events) {
        this.budget = budget;
        this.outbound = outbound;
        this.events = events;
    }

    @Nullable Path<Sent> get(long id) {
        return paths.get(id);
    }

    List<Path<Sent>> all() {
        return new ArrayList<>(paths.values());
    }

    int count() {
        return paths.size();
    }

    /** All paths, and the dead ones whose logs wait. */
    List<Path<Sent>> withRetired() {
        List<Path<Sent>> all = all();
        all.addAll(retired.waiting());
        return all;
    }

    int waitingLogs() {
        return retired.waiting().size();
    }

    PathSelector<Sent> selector() {
        return selector;
    }

    boolean hasUp() {
        for (Path<Sent> each : paths.values()) {
            if (each.isUp()) {
                return true;
            }
        }
        return false;
    }

    /** What was received on the paths that are dead here. */
    List<PathCount> retiredCounts() {
        return retired.counts();
    }

    /**
     * Adds a path in state JOINING.
     *
     * @throws ProtocolException of path scope where the number was used before
     */
    Path<Sent> add(long id, long now) throws ProtocolException {
        requireUnused(id);
        used.add(id);
        used.limitRanges(MAX_RANGES);
        Path<Sent> path = new Path<>(id, now);
        paths.put(id, path);
        return path;
    }

    /** @throws ProtocolException of path scope where the number was used before */
    void requireUnused(long id) throws ProtocolException {
        if (used.contains(id)) {
            throw ProtocolException.path(ErrorCode.SESSION_GONE, "path " + id + " was used before in this session");
        }
    }

    /** The path carries the session from now on. */
    void joined(Path<Sent> path, long now) {
        path.joined(now);
        events.accept(new SessionEvent.PathUp(path.id()));
        sayStanding(path);
        probe(path, now);
        repeatWhatIsStuck(now);
        outbound.stir();
    }

    /** A suspected path made progress again. */
    private void trusted(Path<Sent> path, long now) {
        events.accept(new SessionEvent.PathTrusted(path.id()));
        for (Path<Sent> dead : retired.waiting()) {
            outbound.wantFrame(new PathClose(dead.id(), dead.received(), ErrorCode.PATH_LOST));
            sendAgain(dead, now);
        }
        repeatWhatIsStuck(now);
        outbound.stir();
    }

    /** There is a path that works: what is out on those that do not answer leaves on it too. */
    private void repeatWhatIsStuck(long now) {
        for (Path<Sent> each : paths.values()) {
            if (!each.isUp()) {
                each.log().forEach(item -> outbound.repeat(item, now));
            }
        }
    }

    // What the peer says of paths.

    /**
     * The peer tells what it received on paths that are over: what it has not received is sent again.
     *
     * @param by the path that carries this
     */
    void settleRetired(List<PathCount> counts, long by, long now) throws ProtocolException {
        for (PathCount each : counts) {
            if (each.path() == by) {
                throw ProtocolException.session(
                        ErrorCode.PROTOCOL_VIOLATION, "path " + by + " is joined and given up in one frame");
            }
            closed(each.path(), each.received(), ErrorCode.PATH_LOST, now);
        }
        settle(now);
    }

    /** The peer tells nothing of the paths that are over. */
    void settle(long now) {
        retired.waiting().forEach(dead -> sendAgain(dead, now));
    }

    /** The peer reads a path no more. */
    private void closed(long id, long received, ErrorCode code, long now) throws ProtocolException {
        Path<Sent> alive = paths.get(id);
        Path<Sent> path = alive != null ? alive : retired.waiting(id);
        if (path == null) {
            return;
        }
        requireCount(path, received);
        path.acknowledge(received, 0, now, item -> outbound.settled(item, now));
        if (alive != null) {
            kill(alive, code, "given up by the peer", now);
        } else if (hasUp()) {
            sendAgain(path, now);
        }
    }

    /** What is left in the log of a dead path leaves on another. */
    private void sendAgain(Path<Sent> dead, long now) {
        retired.settled(dead);
        dead.log().drain(item -> outbound.lost(item, now));
    }

    void acknowledged(PathAck ack, long now) throws ProtocolException {
        boolean news = false;
        for (PathAck.Entry each : ack.entries()) {
            Path<Sent> path = paths.get(each.path());
            if (path == null) {
                continue;
            }
            requireCount(path, each.received());
            news |= each.received() > path.acknowledged();
            long hold = Math.min(each.holdMicros(), 10_000_000) * 1000;
            if (path.acknowledge(each.received(), hold, now, item -> outbound.settled(item, now))) {
                trusted(path, now);
            }
        }
        if (!news) {
            budget.wasted(Waste.STALE, now);
        }
    }

    void pinged(Path<Sent> path, Ping ping) {
        if (path.posted() < MAX_POSTED) {
            path.post(new Pong(ping.nonce()));
        }
    }

    void ponged(Path<Sent> path, Pong pong, long now) {
        if (path.probeAnswered(pong.nonce(), now)) {
            trusted(path, now);
        }
    }

    void closedByPeer(PathClose close, long now) throws ProtocolException {
        closed(close.path(), close.received(), close.code(), now);
    }

    void stand(PathStatus status, long now) {
        Path<Sent> path = paths.get(status.path());
        if (path == null) {
            return;
        }
        statusSequence = Math.max(statusSequence, status.sequence());
        if (status.status() == PathStatus.DOUBTED) {
            if (path.isUp()) {
                doubt(path, now);
            }
        } else {
            path.stand(PathStanding.of(status.status()), status.sequence());
            outbound.stir();
        }
    }

    /** Changes how a path is used, at both ends. */
    void setStanding(Path<Sent> path, PathStanding standing) {
        if (path.standing() == standing) {
            // No news, and so no number of its own: what the peer says meanwhile holds.
            return;
        }
        outbound.stir();
        if (path.stand(standing, nextStatus()) && path.state() != PathState.JOINING) {
            sayStanding(path);
        }
    }

    /** Not before the path is joined: what is said of a path that the peer does not know yet is lost. What HELLO or JOIN said needs no frame. */
    private void sayStanding(Path<Sent> path) {
        if (path.standingSequence() > 0) {
            outbound.wantFrame(new PathStatus(
                    path.id(), path.standingSequence(), path.standing().code()));
        }
    }

    /** Larger than any that was said or heard, so that the last word is the last; a peer that jumps to the end of the numbers has it. */
    private long nextStatus() {
        statusSequence = Math.min(VarInt.MAX, statusSequence + 1);
        return statusSequence;
    }

    private static void requireCount(Path<Sent> path, long count) throws ProtocolException {
        if (count > path.sent()) {
            throw ProtocolException.session(
                    ErrorCode.PROTOCOL_VIOLATION,
                    "the peer says it received " + count + " bytes on path " + path.id() + ", but " + path.sent()
                            + " were sent");
        }
    }

    // What leaves.

    /** A frame of the path's own: handshake, probes, answers. */
    @Nullable Frame pollPosted(Path<Sent> path) {
        return path.pollPosted();
    }

    Acknowledgements acknowledgements() {
        return acknowledgements;
    }

    /** Sends little that was lost again at once: waiting to hear what of it arrived would cost a round trip. */
    void repeatEagerly(long now) {
        long bytes = 0;
        for (Path<Sent> each : retired.waiting()) {
            bytes += each.outstanding();
        }
        if (bytes <= EAGER_BYTES) {
            retired.waiting().forEach(each -> each.log().forEach(item -> outbound.repeat(item, now)));
        }
    }

    // Losing paths.

    /** The path is over. Its log is sent again on another path now, or when a path that joins brings the peer's count. */
    void kill(Path<Sent> path, ErrorCode code, String text, long now) {
        if (paths.remove(path.id()) == null) {
            return;
        }
        path.die();
        outbound.stir();
        boolean othersUp = hasUp();
        retired.add(path, !othersUp);
        if (othersUp) {
            outbound.wantFrame(new PathClose(path.id(), path.received(), code));
            path.log().drain(item -> outbound.lost(item, now));
        }
        // It may have carried acknowledgements of the others.
        paths.values().forEach(each -> each.announceAgain(now));
        events.accept(new SessionEvent.PathDown(path.id(), code, text));
    }

    /** Lets go of everything, without a word. */
    void dispose(long now) {
        for (Path<Sent> each : paths.values()) {
            each.log().drain(item -> outbound.lost(item, now));
        }
        retired.waiting().forEach(each -> sendAgain(each, now));
    }

    /** Whether a path has so much out that its acknowledgements tell of its queue. */
    boolean isMuchOut() {
        for (Path<Sent> each : paths.values()) {
            if (each.outstanding() >= MUCH) {
                return true;
            }
        }
        return false;
    }

    /** Nothing is read before then, so that no path can be blamed for what it does not bring. */
    void readAgainAt(long time) {
        readAgainAt = Math.max(readAgainAt, time);
    }

    /** This end was held up itself, or slept: what looked like silence was not. */
    void forgive(long nanos, long now) {
        paths.values().forEach(each -> each.forgive(nanos, now));
    }

    /** Looks at every path's silence. */
    void checkSilence(boolean streamsOpen, long now) {
        for (Path<Sent> each : all()) {
            switch (each.state()) {
                case JOINING -> checkJoining(each, now);
                case UP -> checkUp(each, streamsOpen, now);
                case SUSPECT -> checkSuspect(each, now);
                case DEAD -> {}
            }
        }
    }

    long nextCheck(boolean streamsOpen) {
        long next = Long.MAX_VALUE;
        for (Path<Sent> each : paths.values()) {
            next = Math.min(next, checkAt(each, streamsOpen));
        }
        return next;
    }

    private long checkAt(Path<Sent> path, boolean streamsOpen) {
        return switch (path.state()) {
            case JOINING -> path.startedAt() + JOIN_TIMEOUT;
            case UP ->
                path.isWaiting() ? path.silentSince() + path.suspectAfter() : path.activeAt() + probeAfter(streamsOpen);
            case SUSPECT ->
                path.isWaiting() ? unheardSince(path) + path.deadAfter(!hasUp()) : path.activeAt() + PROBE_BUSY;
            case DEAD -> Long.MAX_VALUE;
        };
    }

    private void checkJoining(Path<Sent> path, long now) {
        if (now - path.startedAt() >= JOIN_TIMEOUT) {
            kill(path, ErrorCode.HANDSHAKE_TIMEOUT, "no answer to the join", now);
        }
    }

    private void checkUp(Path<Sent> path, boolean streamsOpen, long now) {
        if (!path.isWaiting()) {
            if (now - path.activeAt() >= probeAfter(streamsOpen)) {
                probe(path, now);
            }
        } else if (now - path.silentSince() >= path.suspectAfter()) {
            doubt(path, now);
            if (hasUp()) {
                // The peer may have nothing out on it and so no reason of its own to doubt the path: its answers would
                // go there.
                outbound.wantFrame(new PathStatus(path.id(), nextStatus(), PathStatus.DOUBTED));
            }
        }
    }

    /** Puts nothing new on the path, sends what is out on it by another one as well, and asks it for a sign of life. */
    private void doubt(Path<Sent> path, long now) {
        path.suspect();
        outbound.stir();
        probe(path, now);
        events.accept(new SessionEvent.PathSuspected(path.id()));
        // What has silenced one may have silenced others, and nothing may be out on them that would tell.
        for (Path<Sent> each : paths.values()) {
            if (each.isUp()) {
                probe(each, now);
            }
        }
        if (hasUp()) {
            path.log().forEach(item -> outbound.repeat(item, now));
        }
    }

    private void checkSuspect(Path<Sent> path, long now) {
        if (path.isWaiting() && now - unheardSince(path) >= path.deadAfter(!hasUp())) {
            kill(path, ErrorCode.TIMED_OUT, "nothing heard for " + (now - path.silentSince()) / 1_000_000 + " ms", now);
        }
    }

    private long unheardSince(Path<Sent> path) {
        return Math.max(path.silentSince(), readAgainAt);
    }

    /** Asks the path for a sign of life. */
    void probe(Path<Sent> path, long now) {
        if (!path.isProbed()) {
            long nonce = nextNonce++;
            path.post(new Ping(nonce));
            path.probe(nonce, now);
        }
    }

    private static long probeAfter(boolean streamsOpen) {
        return streamsOpen ? PROBE_BUSY : PROBE_QUIET;
    }

    /** The longest round trip of a path that is up. */
    long longestRoundTrip() {
        long longest = 0;
        for (Path<Sent> each : paths.values()) {
            if (each.state() == PathState.UP) {
                longest = Math.max(longest, each.rtt().smoothed(0));
            }
        }
        return longest;
    }

    /** Bytes that are on their way in one round trip, over all paths. */
    long bandwidthDelayProduct() {
        double bytes = 0;
        for (Path<Sent> each : paths.values()) {
            bytes += each.rate().bytesPerSecond(0) * each.rtt().smoothed(0) / 1e9;
        }
        return (long) bytes;
    }
}

package holdfast.session;

import holdfast.protocol.ErrorCode;
import holdfast.protocol.Origin;
import holdfast.protocol.ProtocolException;
import holdfast.protocol.Role;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The streams of a session by id, which ids were used, and how many more each end may open (PROTOCOL.md section 5). */
final class StreamTable {
    private final Map<Long, Flow> flows = new HashMap<>();
    private final IdLedger peerIds = new IdLedger();
    private final int localParity;
    private final long concurrent;

    private long nextLocalIndex;
    private long peerLimit;
    private long localLimit;
    private long peerClosed;

    /**
     * @param concurrent streams the peer may have open at once
     * @param localLimit streams this end may open before it is told otherwise
     */
    StreamTable(Role role, long concurrent, long localLimit) {
        this.localParity = role == Role.CLIENT ? 0 : 1;
        this.concurrent = concurrent;
        this.peerLimit = concurrent;
        this.localLimit = localLimit;
    }

    IdLedger peerIds() {
        return peerIds;
    }

    Collection<Flow> all() {
        return flows.values();
    }

    int size() {
        return flows.size();
    }

    @Nullable Flow get(long id) {
        return flows.get(id);
    }

    void add(Flow flow) {
        flows.put(flow.id(), flow);
    }

    void remove(Flow flow) {
        flows.remove(flow.id());
        if (!isLocal(flow.id())) {
            countPeerClosed();
        }
    }

    /** A stream that the peer opened is over: it may open another one. */
    void countPeerClosed() {
        peerClosed++;
    }

    long newLocalId() {
        return nextLocalIndex++ << 1 | localParity;
    }

    /** Whether the peer lets us open the stream with this id yet. */
    boolean mayOpen(long localId) {
        return localId >> 1 < localLimit;
    }

    boolean raiseLocalLimit(long limit) {
        if (limit <= localLimit) {
            return false;
        }
        localLimit = limit;
        return true;
    }

    boolean isLocal(long id) {
        return (id & 1) == localParity;
    }

    /**
     * Marks a stream id of the peer as used. Returns whether it is new.
     *
     * @throws ProtocolException of session scope for an id of ours, or beyond what the peer may open
     */
    boolean claim(long id) throws ProtocolException {
        if (isLocal(id)) {
            throw ProtocolException.session(
                    ErrorCode.PROTOCOL_VIOLATION, "the peer opened stream " + id + ", a number of ours");
        }
        if (id >> 1 >= peerLimit) {
            throw ProtocolException.session(
                    ErrorCode.LIMIT_REACHED,
                    "stream " + id + " is beyond the " + peerLimit + " that may be opened so far");
        }
        return peerIds.add(id >> 1);
    }

    /**
     * The stream a frame is for, or null where it is over and the frame is a late duplicate.
     *
     * @throws ProtocolException of session scope for a stream that was never opened, or whose OPEN has not left yet
     */
    @Nullable Flow find(long id) throws ProtocolException {
        Flow flow = flows.get(id);
        boolean known = flow != null
                ? flow.openSent || flow.opener == Origin.REMOTE
                : isLocal(id) ? id >> 1 < nextLocalIndex : peerIds.contains(id >> 1);
        if (!known) {
            throw ProtocolException.session(
                    ErrorCode.PROTOCOL_VIOLATION, "a frame for stream " + id + ", which was never opened");
        }
        return flow;
    }

    /** Whether so many streams have ended that the peer should be told it may open more. */
    boolean isLimitWorthAnnouncing() {
        return peerClosed + concurrent - peerLimit >= Math.max(1, concurrent / 4);
    }

    long announceLimit() {
        peerLimit = peerClosed + concurrent;
        return peerLimit;
    }
}

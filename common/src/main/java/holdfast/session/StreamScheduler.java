package holdfast.session;

import holdfast.frame.Data;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which stream sends next (PROTOCOL.md section 8): first those that have just become busy and send little, then by urgency, among equals by deficit
 * round robin. After FQ-CoDel (RFC 8290 section 4), without its dropping.
 */
final class StreamScheduler {
    /** Bytes of a turn. */
    static final int QUANTUM = 16_384;

    private static final int URGENCIES = 8;
    private static final int LOOKS = 2 + Data.LONGEST / QUANTUM;

    private final FlowList fresh = new FlowList();
    private final FlowList[] old = new FlowList[URGENCIES];

    StreamScheduler() {
        for (int i = 0; i < URGENCIES; i++) {
            old[i] = new FlowList();
        }
    }

    /** The flow has something to send, perhaps for the first time in a while. */
    void activate(Flow flow, long now) {
        if (flow.list != null) {
            return;
        }
        flow.deficit = QUANTUM;
        if (flow.isBulk(now)) {
            old[flow.urgency].add(flow);
        } else {
            fresh.add(flow);
        }
    }

    /**
     * The flow whose turn it is, among those that {@code ready} admits; it stays at the head of its list. Flows that {@code busy} denies have nothing
     * to send and leave.
     */
    @Nullable Flow next(Predicate<Flow> busy, Predicate<Flow> ready, long now) {
        Flow found = nextIn(fresh, busy, ready, now);
        for (int urgency = 0; found == null && urgency < URGENCIES; urgency++) {
            found = nextIn(old[urgency], busy, ready, now);
        }
        return found;
    }

    /** The first flow that {@code ready} admits, whose turn it need not be: for the few that may pass all others. Nobody's turn is changed. */
    @Nullable Flow first(Predicate<Flow> ready) {
        Flow found = firstIn(fresh, ready);
        for (int urgency = 0; found == null && urgency < URGENCIES; urgency++) {
            found = firstIn(old[urgency], ready);
        }
        return found;
    }

    private static @Nullable Flow firstIn(FlowList list, Predicate<Flow> ready) {
        Flow flow = list.first();
        while (flow != null && !ready.test(flow)) {
            flow = flow.next;
        }
        return flow;
    }

    /** The flow has sent. */
    void charge(Flow flow, int bytes) {
        flow.deficit -= bytes;
    }

    void remove(Flow flow) {
        if (flow.list != null) {
            flow.list.remove(flow);
        }
    }

    void changeUrgency(Flow flow, int urgency) {
        boolean isOld = flow.list == old[flow.urgency];
        if (isOld) {
            remove(flow);
        }
        flow.urgency = urgency;
        if (isOld) {
            old[urgency].add(flow);
        }
    }

    /** Flows that wait for their turn. */
    int size() {
        int size = fresh.size();
        for (FlowList each : old) {
            size += each.size();
        }
        return size;
    }

    private @Nullable Flow nextIn(FlowList list, Predicate<Flow> busy, Predicate<Flow> ready, long now) {
        // Each flow is looked at once with what is left of its turn, once for each turn that the longest frame cost it,
        // and once with a new one.
        for (int looks = LOOKS * list.size(); looks > 0; looks--) {
            Flow flow = list.first();
            if (flow == null) {
                return null;
            }
            if (!busy.test(flow)) {
                leave(flow, list, now);
            } else if (flow.deficit <= 0) {
                list.remove(flow);
                giveTurn(flow);
            } else if (ready.test(flow)) {
                return flow;
            } else {
                list.remove(flow);
                list.add(flow);
            }
        }
        return null;
    }

    /** One that is alone owes no turns to anybody. */
    private void giveTurn(Flow flow) {
        FlowList others = old[flow.urgency];
        flow.deficit = others.isEmpty() ? QUANTUM : flow.deficit + QUANTUM;
        others.add(flow);
    }

    /**
     * A flow that ran dry in its first turn stays among the old ones for a round, so that it cannot be new again at once; unless it has sent little all
     * the time, as one does that carries keystrokes.
     */
    private void leave(Flow flow, FlowList list, long now) {
        list.remove(flow);
        FlowList others = old[flow.urgency];
        if (list == fresh && !others.isEmpty() && !flow.isLight(now)) {
            others.add(flow);
        }
    }
}

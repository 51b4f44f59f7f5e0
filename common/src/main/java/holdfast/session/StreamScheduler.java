package holdfast.session;

import java.util.ArrayDeque;
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

    private final ArrayDeque<Flow> fresh = new ArrayDeque<>();
    private final ArrayDeque<Flow>[] old = newLists();

    /** The flow has something to send, perhaps for the first time in a while. */
    void activate(Flow flow, long now) {
        if (flow.listing != Flow.Listing.NONE) {
            return;
        }
        flow.deficit = QUANTUM;
        if (flow.isBulk(now)) {
            enlist(flow);
        } else {
            flow.listing = Flow.Listing.NEW;
            fresh.add(flow);
        }
    }

    /**
     * The flow whose turn it is, among those that {@code ready} admits; it stays at the head of its list. Flows that {@code busy} denies have nothing
     * to send and leave.
     */
    @Nullable Flow next(Predicate<Flow> busy, Predicate<Flow> ready) {
        Flow found = nextIn(fresh, busy, ready);
        for (int urgency = 0; found == null && urgency < URGENCIES; urgency++) {
            found = nextIn(old[urgency], busy, ready);
        }
        return found;
    }

    /** The flow has sent. */
    void charge(Flow flow, int bytes) {
        flow.deficit -= bytes;
    }

    void remove(Flow flow) {
        switch (flow.listing) {
            case NEW -> fresh.remove(flow);
            case OLD -> old[flow.urgency].remove(flow);
            case NONE -> {}
        }
        flow.listing = Flow.Listing.NONE;
    }

    void changeUrgency(Flow flow, int urgency) {
        boolean listed = flow.listing == Flow.Listing.OLD;
        if (listed) {
            remove(flow);
        }
        flow.urgency = urgency;
        if (listed) {
            enlist(flow);
        }
    }

    private @Nullable Flow nextIn(ArrayDeque<Flow> list, Predicate<Flow> busy, Predicate<Flow> ready) {
        // Each flow is looked at once with what is left of its turn and once with a new turn.
        for (int looks = 2 * list.size(); looks > 0 && !list.isEmpty(); looks--) {
            Flow flow = list.element();
            if (!busy.test(flow)) {
                list.remove();
                leave(flow, list == fresh);
            } else if (flow.deficit <= 0) {
                list.remove();
                flow.deficit += QUANTUM;
                enlist(flow);
            } else if (ready.test(flow)) {
                return flow;
            } else {
                list.add(list.remove());
            }
        }
        return null;
    }

    /** A flow that ran dry in its first turn stays among the old ones for a round, so that it cannot be new again at once. */
    private void leave(Flow flow, boolean wasFresh) {
        if (wasFresh && !old[flow.urgency].isEmpty()) {
            enlist(flow);
        } else {
            flow.listing = Flow.Listing.NONE;
        }
    }

    private void enlist(Flow flow) {
        flow.listing = Flow.Listing.OLD;
        old[flow.urgency].add(flow);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static ArrayDeque<Flow>[] newLists() {
        ArrayDeque<Flow>[] lists = new ArrayDeque[URGENCIES];
        for (int i = 0; i < URGENCIES; i++) {
            lists[i] = new ArrayDeque<>();
        }
        return lists;
    }
}

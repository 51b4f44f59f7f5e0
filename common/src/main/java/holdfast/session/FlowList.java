package holdfast.session;

import org.jspecify.annotations.Nullable;

/** Flows in order, each in one such list at most: any of them leaves at no cost, however many there are. */
final class FlowList {
    private @Nullable Flow first;
    private @Nullable Flow last;
    private int size;

    boolean isEmpty() {
        return first == null;
    }

    int size() {
        return size;
    }

    @Nullable Flow first() {
        return first;
    }

    /** Adds at the end a flow that is in no list. */
    void add(Flow flow) {
        if (flow.list != null) {
            throw new IllegalStateException("stream " + flow.id() + " is listed already");
        }
        flow.list = this;
        flow.previous = last;
        flow.next = null;
        if (last == null) {
            first = flow;
        } else {
            last.next = flow;
        }
        last = flow;
        size++;
    }

    /** Takes out a flow that is in this list. */
    void remove(Flow flow) {
        if (flow.list != this) {
            throw new IllegalStateException("stream " + flow.id() + " is not in this list");
        }
        if (flow.previous == null) {
            first = flow.next;
        } else {
            flow.previous.next = flow.next;
        }
        if (flow.next == null) {
            last = flow.previous;
        } else {
            flow.next.previous = flow.previous;
        }
        flow.list = null;
        flow.previous = null;
        flow.next = null;
        size--;
    }
}

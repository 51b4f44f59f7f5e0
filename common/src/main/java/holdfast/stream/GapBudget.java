package holdfast.stream;

import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;

/**
 * How many runs of bytes of a session, over all its streams, wait behind gaps. Each costs more than its bytes, so the peer may have only so many of
 * its pieces on their way at once (PROTOCOL.md section 8), and one that keeps to that never reaches this bound.
 */
public final class GapBudget {
    private final int max;
    private int used;

    public GapBudget(int max) {
        this.max = max;
    }

    /** @throws ProtocolException of session scope when there are too many */
    void take() throws ProtocolException {
        if (used >= max) {
            throw ProtocolException.session(
                    ErrorCode.FLOW_CONTROL_VIOLATION, "more than " + max + " pieces wait behind gaps");
        }
        used++;
    }

    void giveBack(int count) {
        used -= count;
    }

    public int used() {
        return used;
    }
}

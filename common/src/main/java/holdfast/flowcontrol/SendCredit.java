package holdfast.flowcontrol;

/** How far an end may send, on one stream or on all of them: a limit the peer raises, and what was used of it. */
public final class SendCredit {
    private long limit;
    private long used;

    /** @param limit bytes that may be sent before the peer says anything */
    public SendCredit(long limit) {
        this.limit = limit;
    }

    /** Bytes that may be sent now. */
    public long available() {
        return limit - used;
    }

    public long limit() {
        return limit;
    }

    public long used() {
        return used;
    }

    /** Counts bytes that are sent for the first time; a repetition uses no credit. */
    public void use(long bytes) {
        if (bytes > available()) {
            throw new IllegalStateException("credit of " + available() + " bytes used for " + bytes);
        }
        used += bytes;
    }

    /** Takes a limit from the peer; one that is not larger than the present is old news. Returns whether it helped. */
    public boolean raise(long newLimit) {
        if (newLimit <= limit) {
            return false;
        }
        limit = newLimit;
        return true;
    }
}

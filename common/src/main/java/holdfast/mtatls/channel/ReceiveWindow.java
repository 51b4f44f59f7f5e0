package holdfast.mtatls.channel;

/**
 * A channel's receive buffer, as arithmetic: what the other end may still send, and when it has to hear of more. The buffer is doubled each time half of it
 * was consumed, as long as the connection's allowance lasts: a channel that moves much gets room for a long way, one that waits costs little.
 */
final class ReceiveWindow {
    static final int FIRST_BYTES = 64 * 1024;
    static final int LARGEST_BYTES = 1024 * 1024;

    private final Allowance allowance;
    private int size = FIRST_BYTES;
    private long free = FIRST_BYTES;
    private long unreturned;

    ReceiveWindow(Allowance allowance) {
        this.allowance = allowance;
    }

    /** Whether the bytes were allowed; if so, they are counted. */
    boolean arrived(int bytes) {
        if (bytes > free) {
            return false;
        }
        free -= bytes;
        return true;
    }

    /** Bytes have left for the local socket. */
    void consumed(int bytes) {
        unreturned += bytes;
    }

    /** By how much the other end has to be told that its room has grown; 0 as long as less than half of it is consumed. */
    long takeIncrease() {
        if (unreturned < size / 2) {
            return 0;
        }
        long increase = unreturned;
        unreturned = 0;
        if (size < LARGEST_BYTES && allowance.take(size)) {
            increase += size;
            size *= 2;
        }
        free += increase;
        return increase;
    }

    boolean hasGrown() {
        return size > FIRST_BYTES;
    }

    /** The channel is over. */
    void close() {
        allowance.giveBack(size - FIRST_BYTES);
        size = FIRST_BYTES;
    }
}

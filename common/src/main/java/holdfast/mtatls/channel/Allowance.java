package holdfast.mtatls.channel;

/** What all receive buffers of a connection may grow by together, in bytes. */
final class Allowance {
    private long left;

    Allowance(long bytes) {
        left = bytes;
    }

    boolean take(long bytes) {
        if (bytes > left) {
            return false;
        }
        left -= bytes;
        return true;
    }

    void giveBack(long bytes) {
        left += bytes;
    }
}

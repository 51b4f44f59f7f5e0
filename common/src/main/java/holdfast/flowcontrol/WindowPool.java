package holdfast.flowcontrol;

/**
 * What all streams of a session together may be promised beyond the window that each starts with.
 *
 * <p>A window grows because bytes left quickly once; the program may stop reading right then. Without a common bound, streams that grew and then stood
 * still would use up what the session may hold, and stop all others. Each stream may have as much as it leaves free, in the manner of a
 * switch's dynamic thresholds: one alone gets half, many share, and a newcomer always finds something.
 */
public final class WindowPool {
    private final long max;
    private long lent;

    /** @param max bytes in all */
    public WindowPool(long max) {
        this.max = max;
    }

    static WindowPool unlimited() {
        return new WindowPool(Long.MAX_VALUE / 2);
    }

    /** How much a stream that has {@code own} bytes of it now may have in all. */
    long allowedTo(long own) {
        return Math.max(own, (max - lent + own) / 2);
    }

    /** Lends {@code bytes} more; negative ones come back. */
    void lend(long bytes) {
        lent += bytes;
    }

    /** Bytes promised beyond the first windows, over all streams. */
    public long lent() {
        return lent;
    }
}

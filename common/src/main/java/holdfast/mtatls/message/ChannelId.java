package holdfast.mtatls.message;

/**
 * The four bytes that name an open channel: the half of the end that requested it, then that of the end that granted it.
 *
 * @param sender the requesting end's half, 0 to 65535
 * @param receiver the granting end's half, 0 to 65535
 */
public record ChannelId(int sender, int receiver) {
    static final int BYTES = 4;
    static final int LARGEST_HALF = 0xffff;

    public ChannelId {
        requireHalf(sender);
        requireHalf(receiver);
    }

    static void requireHalf(int half) {
        if (half < 0 || half > LARGEST_HALF) {
            throw new IllegalArgumentException("half " + half + " of a channel identifier is not between 0 and 65535");
        }
    }

    @Override
    public String toString() {
        return sender + "+" + receiver;
    }
}

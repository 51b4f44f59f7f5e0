package holdfast.session;

/**
 * What a peer can send that costs us and brings nobody anything. An honest peer does some of it now and then.
 *
 * <p>The price is in units of {@link FrameBudget}'s allowance, of which {@value FrameBudget#WASTE_PER_SECOND} come in a second: 100 units are a thing
 * that is forgiven 200 times a second.
 */
enum Waste {
    /** PADDING, DATA without a byte and without an end. */
    EMPTY(100, "empty frames"),
    PING(100, "PINGs"),
    /** A PONG, BLOCKED or another frame that changes nothing, and need not be answered. */
    IDLE(100, "frames that say nothing"),
    /**
     * A stream that its opener gave up before it was answered, besides the price of the RESET. Ten thousand may be given up at once. It is as much work as fifty more frames: a
     * connection that was begun, and memory that is garbage only when the system has let go of it. So some 900 a second are read, and as many at once.
     */
    ABANDONED(100, 50, "streams opened and reset at once"),
    /** PATH_ACK that acknowledges nothing new. */
    STALE(10, "acknowledgements of nothing new"),
    /** PRIORITY, PATH_STATUS and the like: there is no reason to say them often. */
    RARE(20, "control frames"),
    /** What every stream needs a few of at its start and its end. */
    TURN(2, "answers and ends of streams"),
    /** Limits: needed often, but not for every few bytes. */
    LIMIT(2, "announcements of limits"),
    /** DATA of a few bytes: typing, but by the hundred thousand. */
    TINY(1, "DATA frames of a few bytes");

    final int price;
    /** In frames, besides those that told of it. */
    final int work;
    /** For the reason a peer is given. */
    final String plural;

    Waste(int price, String plural) {
        this(price, 0, plural);
    }

    Waste(int price, int work, String plural) {
        this.price = price;
        this.work = work;
        this.plural = plural;
    }
}

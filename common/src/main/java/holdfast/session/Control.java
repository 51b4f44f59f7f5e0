package holdfast.session;

/** Control frames of a stream, in the order in which they leave when several wait. */
enum Control {
    OPEN(0),
    ACCEPT(1),
    REJECT(2),
    RESET(3),
    STOP(4),
    MAX_STREAM_DATA(5),
    PRIORITY(6);

    /** Those the peer must have before a stream may be forgotten. */
    static final int ESSENTIAL = OPEN.bit | ACCEPT.bit | REJECT.bit | RESET.bit;

    static final Control[] IN_ORDER = values();

    final int bit;

    Control(int place) {
        this.bit = 1 << place;
    }

    boolean isEssential() {
        return (ESSENTIAL & bit) != 0;
    }
}

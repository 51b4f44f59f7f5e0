package holdfast.server.budget;

/** A connection of which it is not known yet whose it is; has a place in {@link Arrivals} until it logs in or ends. Any thread. */
public final class Stranger {
    private final Arrivals arrivals;
    private final Source source;
    private final boolean known;
    private final Runnable drop;

    /** Where it stands in the list of those that may be dropped; -1 where it is in no list. Guarded by the arrivals' lock. */
    int index = -1;

    boolean counted = true;

    Stranger(Arrivals arrivals, Source source, boolean known, Runnable drop) {
        this.arrivals = arrivals;
        this.source = source;
        this.known = known;
        this.drop = drop;
    }

    /** Whether somebody has logged in from the same address lately: such connections have handshakes of their own. */
    public boolean isKnown() {
        return known;
    }

    /** It is known whose connection this is: the place is free again, and the address is remembered. Harmless when repeated. */
    public void loggedIn() {
        arrivals.leave(this, true);
    }

    /** The connection is over, or was turned away. Harmless when repeated. */
    public void left() {
        arrivals.leave(this, false);
    }

    /** A login or join was refused: costs the address several connections of its rate. */
    public void failed(long now) {
        arrivals.penalise(source, now);
    }

    Source source() {
        return source;
    }

    /** Closes the connection; called without a lock held, from another connection's thread. */
    void drop() {
        drop.run();
    }
}

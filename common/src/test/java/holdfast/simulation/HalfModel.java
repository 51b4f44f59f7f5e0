package holdfast.simulation;

/** One direction of one stream, as the programs at its two ends know it. */
final class HalfModel {
    final long stream;
    final int direction;

    // What the sending program did.
    long written;
    boolean finished;
    boolean abandoned;

    // What the receiving program did and saw.
    long received;
    boolean refused;
    boolean ended;
    boolean wasReset;

    HalfModel(long stream, int direction) {
        this.stream = stream;
        this.direction = direction;
    }

    /** The receiving program has seen the end. */
    void end() {
        require(finished, "ended although the sender has not finished it");
        require(received == written, "ended after " + received + " of " + written + " bytes");
        ended = true;
    }

    /** The receiving program was told that the sender has abandoned it. */
    void reset() {
        require(abandoned, "reset although the sender has not abandoned it");
        require(!ended, "reset after its end");
        wasReset = true;
    }

    void require(boolean condition, String what) {
        if (!condition) {
            throw new SimulationFailure(this + " " + what);
        }
    }

    /** What must hold when both ends say that the stream is over. */
    void checkOver() {
        require(received <= written, "received more than was written");
        if (!abandoned && !refused) {
            require(ended, "is over without its end, " + received + " of " + written + " bytes received");
        } else if (!refused) {
            require(ended || wasReset, "was abandoned and the receiver was never told");
        }
    }

    @Override
    public String toString() {
        return "stream " + stream + (direction == Link.UP ? " up" : " down");
    }
}

package holdfast.relay;

import holdfast.protocol.ErrorCode;

/** Watches what one relay carries, and may slow it. On the relay's event loop. */
public interface Meter {
    /** What a method returns to end the relay with an error. */
    long END = -1;

    /** Counts nothing and slows nothing. */
    Meter NONE = new Meter() {
        @Override
        public long fromSocket(int bytes) {
            return 0;
        }

        @Override
        public long toSocket(int bytes) {
            return 0;
        }

        @Override
        public void ended(ErrorCode code) {}
    };

    /** So many bytes were read from the socket. Returns for how long no more should be, in nanoseconds, or {@link #END}. */
    long fromSocket(int bytes);

    /** So many bytes go to the socket. Returns for how long no more should, in nanoseconds, or {@link #END}. */
    long toSocket(int bytes);

    /** The peer does not serve the stream, for this reason; {@link #ended} follows. */
    default void refused(ErrorCode code, String text) {}

    /** The relay is over; told once. NONE where both directions have ended in order. */
    void ended(ErrorCode code);
}

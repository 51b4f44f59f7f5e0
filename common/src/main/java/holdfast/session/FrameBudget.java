package holdfast.session;

import holdfast.flowcontrol.TokenBucket;
import holdfast.frame.Data;
import holdfast.frame.Frame;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import holdfast.protocol.Role;

/**
 * What the peer of one session may make this end do. Two accounts:
 *
 * <ul>
 *   <li>Every frame costs one unit of <em>work</em>. Who uses more than comes in is not read for as long as it takes to come in again
 *       ({@link #delayNanos}): slowed, and nothing lost. Only at a gateway, which has others to serve.
 *   <li>Frames that bring nobody anything cost <em>waste</em> besides ({@link Waste}). It takes a flood of them to use it up, and that ends the session.
 * </ul>
 */
final class FrameBudget {
    /** Frames a second for as long as a peer likes: 800 MB/s of full ones. */
    static final int WORK_PER_SECOND = 50_000;

    static final int WASTE_PER_SECOND = 20_000;
    private static final int WASTE_BURST = 1_000_000;

    /** DATA below this many bytes is {@link Waste#TINY}. */
    private static final int TINY_BYTES = 32;

    private final boolean slows;
    private final TokenBucket work;
    private final TokenBucket waste;

    FrameBudget(Role role, long now) {
        slows = role == Role.GATEWAY;
        work = new TokenBucket(WORK_PER_SECOND, WORK_PER_SECOND, now);
        waste = new TokenBucket(WASTE_PER_SECOND, WASTE_BURST, now);
    }

    /** A frame arrived; borrows it. @throws ProtocolException of session scope when there were too many that bring nobody anything */
    void charge(Frame frame, long now) throws ProtocolException {
        if (slows) {
            work.charge(1, now);
        }
        switch (frame.type()) {
            case DATA -> chargeData(((Data) frame).payload().readableBytes(), now);
            case PADDING -> wasted(Waste.EMPTY, now);
            case PING -> wasted(Waste.PING, now);
            case PONG, BLOCKED -> wasted(Waste.IDLE, now);
            case MAX_STREAM_DATA, MAX_DATA, MAX_STREAMS -> wasted(Waste.LIMIT, now);
            case PRIORITY, PATH_STATUS, PATH_CLOSE, ADD_ADDRESS, REMOVE_ADDRESS, NEXT_KEY, GOAWAY, CONDITIONS, AGREED ->
                wasted(Waste.RARE, now);
            case ACCEPT, REJECT, RESET, STOP -> wasted(Waste.TURN, now);
            default -> {}
        }
    }

    private void chargeData(int bytes, long now) throws ProtocolException {
        if (bytes < TINY_BYTES) {
            wasted(bytes == 0 ? Waste.EMPTY : Waste.TINY, now);
        }
    }

    /** @throws ProtocolException of session scope when that was too much */
    void wasted(Waste what, long now) throws ProtocolException {
        waste.charge(what.price, now);
        if (slows) {
            work.charge(what.work, now);
        }
        if (waste.isOverdrawn(now)) {
            throw ProtocolException.session(ErrorCode.LIMIT_REACHED, "too many " + what.plural);
        }
    }

    /** For how long nothing more of this peer should be read, in nanoseconds. */
    long delayNanos(long now) {
        return slows ? work.debtNanos(now) : 0;
    }
}

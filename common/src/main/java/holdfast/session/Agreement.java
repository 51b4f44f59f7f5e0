package holdfast.session;

import holdfast.frame.Agreed;
import holdfast.frame.Conditions;
import holdfast.frame.Parameters;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which conditions were stated in a session, and which answered (PROTOCOL.md section 9.1). */
final class Agreement {
    private boolean peerTakesPart;
    private long stated;
    private long answered;
    private List<String> words = List.of();

    /** What the peer's HELLO or HELLO_OK says of it. */
    void met(Parameters parameters) {
        peerTakesPart = parameters.get(Parameters.AGREEMENT, 0) > 0;
    }

    boolean peerTakesPart() {
        return peerTakesPart;
    }

    /** Gateway: the parameters of HELLO_OK. */
    Parameters of(Parameters others) {
        return stated == 0 ? others : others.with(Parameters.AGREEMENT, 1);
    }

    /** Gateway: these conditions hold from now on. Returns whether they are others than before. */
    boolean state(List<String> newWords) {
        if (stated > 0 && words.equals(newWords)) {
            return false;
        }
        stated++;
        words = List.copyOf(newWords);
        return true;
    }

    /** Gateway: what the client is to be told; null where nothing was stated, or it would not understand. */
    @Nullable Conditions frame() {
        return stated > 0 && peerTakesPart ? new Conditions(stated, words) : null;
    }

    /** Client: whether these conditions are newer than those that are known. */
    boolean isNews(Conditions conditions) {
        if (conditions.sequence() <= stated) {
            return false;
        }
        stated = conditions.sequence();
        return true;
    }

    /** Gateway: whether this answer is newer than the last. */
    boolean isNews(Agreed agreed) throws ProtocolException {
        if (agreed.sequence() > stated) {
            throw ProtocolException.session(
                    ErrorCode.PROTOCOL_VIOLATION,
                    "an answer to conditions " + agreed.sequence() + ", of which only " + stated + " were stated");
        }
        if (agreed.sequence() <= answered) {
            return false;
        }
        answered = agreed.sequence();
        return true;
    }
}

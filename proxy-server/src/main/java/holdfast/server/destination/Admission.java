package holdfast.server.destination;

import holdfast.driver.StreamHandle;
import holdfast.protocol.ErrorCode;
import holdfast.server.audit.Audit;
import holdfast.server.audit.StreamEntry;
import holdfast.server.budget.SessionBudget;

/** The first question about a stream, whatever it is for: may there be one more now? */
public final class Admission {
    private final Audit audit;

    public Admission(Audit audit) {
        this.audit = audit;
    }

    /** The line of a stream in the audit. */
    public StreamEntry entry(SessionBudget session, String verb, Object destination) {
        return new StreamEntry(audit, session.user().user(), session.session(), verb, destination);
    }

    /** Takes the stream from the session's share, to be given back once; or rejects it. Returns whether it was taken. */
    public boolean admit(SessionBudget session, StreamHandle stream, StreamEntry entry) {
        String refusal = audit.isStuck()
                ? "the gateway cannot write its audit, and serves nothing until it can"
                : session.user().refusal(System.nanoTime());
        if (refusal == null && session.takeStream()) {
            return true;
        }
        String text = refusal == null ? "too many connections at once" : refusal;
        entry.over(ErrorCode.LIMIT_REACHED, text);
        stream.reject(ErrorCode.LIMIT_REACHED, text);
        return false;
    }
}

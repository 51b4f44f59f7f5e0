package holdfast.server.destination;

import holdfast.protocol.ErrorCode;
import holdfast.relay.Meter;
import holdfast.server.audit.StreamEntry;
import holdfast.server.budget.SessionBudget;

/** Charges what a relay carries to its session and user, and counts it for the audit. */
public final class StreamMeter implements Meter {
    private final SessionBudget session;
    private final StreamEntry entry;

    public StreamMeter(SessionBudget session, StreamEntry entry) {
        this.session = session;
        this.entry = entry;
    }

    @Override
    public long fromSocket(int bytes) {
        entry.received(bytes);
        long wait = session.chargeDown(bytes, System.nanoTime());
        return session.user().isQuotaUsedUp() ? END : wait;
    }

    @Override
    public long toSocket(int bytes) {
        entry.sent(bytes);
        long wait = session.chargeUp(bytes, System.nanoTime());
        return session.user().isQuotaUsedUp() ? END : wait;
    }

    @Override
    public void ended(ErrorCode code) {
        entry.over(code, code == ErrorCode.NONE ? "both ends have finished" : "one side has failed or gave up");
    }
}

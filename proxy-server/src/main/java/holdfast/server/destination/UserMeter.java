package holdfast.server.destination;

import holdfast.protocol.ErrorCode;
import holdfast.relay.Meter;
import holdfast.server.budget.UserBudget;

/** Charges what a relay carries to its user. */
final class UserMeter implements Meter {
    private final UserBudget user;

    UserMeter(UserBudget user) {
        this.user = user;
    }

    @Override
    public long fromSocket(int bytes) {
        long wait = user.chargeDown(bytes, System.nanoTime());
        return user.isQuotaUsedUp() ? END : wait;
    }

    @Override
    public long toSocket(int bytes) {
        long wait = user.chargeUp(bytes, System.nanoTime());
        return user.isQuotaUsedUp() ? END : wait;
    }

    @Override
    public void ended(ErrorCode code) {}
}

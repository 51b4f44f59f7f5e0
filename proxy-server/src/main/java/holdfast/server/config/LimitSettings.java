package holdfast.server.config;

import holdfast.console.ByteAmount;
import holdfast.console.Settings;
import holdfast.server.budget.DoorLimits;
import holdfast.server.budget.UserLimits;

/** The limits as they stand in {@code gateway.toml}: under {@code [limits]}, and for single users under {@code [users.NAME.limits]}. */
final class LimitSettings {
    private static final int MANY = 1_000_000;

    private LimitSettings() {}

    static DoorLimits door(Settings settings) {
        DoorLimits usual = DoorLimits.DEFAULT;
        int full = settings.number("unauthenticated-connections", usual.full(), 1, MANY);
        return new DoorLimits(
                Math.min(full, settings.number("unauthenticated-drop-from", usual.start(), 1, MANY)),
                full,
                settings.number("unauthenticated-per-source", usual.perSource(), 1, MANY),
                settings.number("handshakes-per-minute", usual.handshakesPerMinute(), 1, MANY),
                settings.number("streams", usual.streams(), 1, MANY));
    }

    /** @param usual what holds where nothing is said */
    static UserLimits user(Settings settings, UserLimits usual) {
        return new UserLimits(
                settings.number("sessions-per-user", usual.sessions(), 1, 100_000),
                settings.number("streams-per-session", usual.streamsPerSession(), 1, MANY),
                settings.number("opens-per-second", usual.opensPerSecond(), 1, MANY),
                settings.number("joins-per-minute", usual.joinsPerMinute(), 1, MANY),
                settings.number("failed-connects-per-minute", usual.failedConnectsPerMinute(), 1, MANY),
                settings.number("datagrams-per-second", usual.datagramsPerSecond(), 1, MANY),
                amount(settings, "bandwidth", usual.bandwidth()),
                amount(settings, "monthly-quota", usual.monthlyQuota()));
    }

    private static long amount(Settings settings, String key, long usual) {
        Long amount = settings.text(key, ByteAmount::parse);
        return amount == null ? usual : amount;
    }
}

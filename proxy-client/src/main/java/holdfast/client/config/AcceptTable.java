package holdfast.client.config;

import holdfast.agreement.AcceptRules;
import holdfast.agreement.Recording;
import holdfast.console.ByteAmount;
import holdfast.console.Settings;
import holdfast.console.TimeSpan;
import java.time.Duration;
import java.util.Optional;

/** {@code [accept]} in {@code client.toml}. */
final class AcceptTable {
    private static final int MAX_PORT = 65535;

    private AcceptTable() {}

    static AcceptRules read(Settings accept) {
        Recording recording = accept.text("recording", Recording::parse);
        Duration retention = accept.text("retention", TimeSpan::parse);
        Long rate = accept.text("rate", ByteAmount::parse);
        return new AcceptRules(
                recording == null ? Recording.UNKNOWN : recording,
                Optional.ofNullable(retention),
                rate == null ? 0 : rate,
                accept.list("ports", AcceptTable::port));
    }

    private static Integer port(String text) {
        boolean isNumber = text.matches("[0-9]{1,5}");
        if (!isNumber || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MAX_PORT) {
            throw new IllegalArgumentException("'" + text + "' is not a port from 1 to 65535");
        }
        return Integer.valueOf(text);
    }
}

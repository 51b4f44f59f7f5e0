package holdfast.server.config;

import holdfast.agreement.Recording;
import holdfast.agreement.Terms;
import holdfast.console.Settings;
import holdfast.console.TimeSpan;
import holdfast.server.audit.AuditSettings;
import holdfast.server.policy.Ports;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code [conditions]} in {@code gateway.toml}: what clients are told before they open anything.
 *
 * @param recording what is recorded
 * @param retention for how long; empty for as long as the owner likes
 * @param ports that can be reached, in words
 * @param listen where users may listen, in words
 */
public record ConditionsTable(
        Recording recording, Optional<Duration> retention, Optional<String> ports, Optional<String> listen) {
    private static final int MAX_TEXT = 200;

    /** @param audit which is recording, too */
    static ConditionsTable read(Settings settings, AuditSettings audit) {
        Recording said = settings.text("recording", Recording::parse);
        Duration retention = settings.text("retention", TimeSpan::parse);
        Ports ports = settings.text("ports", Ports::parse);
        String listen = settings.text("listen", ConditionsTable::words);
        Recording done = audit.file().isPresent() ? Recording.CONNECTIONS : Recording.NONE;
        if (said != null && said.compareTo(done) < 0) {
            settings.refuse(
                    "recording",
                    "the audit records connections, so 'recording' cannot be '" + said.word()
                            + "'; write file = \"none\" under [audit], or leave this out");
        }
        return new ConditionsTable(
                said == null ? done : said,
                Optional.ofNullable(retention),
                Optional.ofNullable(ports).map(Ports::toString),
                Optional.ofNullable(listen));
    }

    /** These, of a gateway that goes on with an audit that it has started with. */
    public ConditionsTable with(AuditSettings running) {
        boolean isAuditing = running.file().isPresent() && recording == Recording.NONE;
        return isAuditing ? new ConditionsTable(Recording.CONNECTIONS, retention, ports, listen) : this;
    }

    /**
     * What a user is told.
     *
     * @param bandwidth of the user, bytes a second; 0 for no limit
     */
    public Terms terms(long bandwidth) {
        return Terms.of(
                recording,
                retention,
                bandwidth == 0 ? OptionalLong.empty() : OptionalLong.of(bandwidth),
                ports,
                listen);
    }

    private static String words(String text) {
        if (text.isEmpty() || text.length() > MAX_TEXT || text.chars().anyMatch(each -> each < ' ' || each == 0x7f)) {
            throw new IllegalArgumentException("'listen' is a line of 1 to " + MAX_TEXT + " characters");
        }
        return text;
    }
}

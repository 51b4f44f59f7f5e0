package holdfast.server.policy;

/**
 * Whether something is allowed, and why.
 *
 * @param rule of an allowed thing the rule that opened it, for the audit log; of a refused thing the text for the user: what closes it, and
 *     what the people who run the gateway can do about it
 * @param place where the rule that decided stands, {@code FILE:LINE:COLUMN} or an option; empty if none of the settings did
 */
public record Verdict(boolean allowed, String rule, String place) {
    /** By no rule of the settings. */
    public Verdict(boolean allowed, String rule) {
        this(allowed, rule, "");
    }
}

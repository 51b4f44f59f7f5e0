package holdfast.client.config;

import java.util.Locale;

/** What the client speaks with its gateway. */
public enum GatewayProtocol {
    /** The session protocol, which loses nothing. */
    HOLDFAST,
    /** MTA-TLS, which other implementations speak, too. */
    MTA_TLS;

    /**
     * Reads {@code holdfast} or {@code mta-tls}.
     *
     * @throws IllegalArgumentException that names both
     */
    public static GatewayProtocol parse(String text) {
        for (GatewayProtocol each : values()) {
            if (each.toString().equals(text)) {
                return each;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is none of holdfast, mta-tls");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

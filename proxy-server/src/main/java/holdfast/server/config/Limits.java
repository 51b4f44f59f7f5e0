package holdfast.server.config;

/**
 * How much one user may ask of the gateway.
 *
 * @param sessionsPerUser sessions at once; each client that runs has one
 * @param streamsPerSession streams at once, each counted until its destination socket is gone
 * @param opensPerSecond new streams a second in one session, over a longer time
 * @param joinsPerMinute new paths a minute in one session
 */
public record Limits(int sessionsPerUser, int streamsPerSession, int opensPerSecond, int joinsPerMinute) {
    public static final Limits DEFAULT = new Limits(16, 16_384, 1000, 120);
}

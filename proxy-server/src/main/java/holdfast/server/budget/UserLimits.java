package holdfast.server.budget;

/**
 * How much one user may ask of the gateway.
 *
 * @param sessions sessions at once; each client that runs has one
 * @param streamsPerSession streams at once, each counted until its destination socket is gone
 * @param opensPerSecond new streams a second in one session, over a longer time
 * @param joinsPerMinute new paths a minute in one session, over a longer time
 * @param failedConnectsPerMinute connections that fail, over a longer time; a scan is throttled by it
 * @param datagramsPerSecond datagrams to destinations, over a longer time
 * @param bandwidth bytes a second of each direction, over all sessions; 0 for no limit
 * @param monthlyQuota bytes of both directions in a calendar month (UTC); 0 for no limit
 */
public record UserLimits(
        int sessions,
        int streamsPerSession,
        int opensPerSecond,
        int joinsPerMinute,
        int failedConnectsPerMinute,
        int datagramsPerSecond,
        long bandwidth,
        long monthlyQuota) {
    public static final UserLimits DEFAULT = new UserLimits(16, 16_384, 5000, 6000, 600, 20_000, 0, 0);
}

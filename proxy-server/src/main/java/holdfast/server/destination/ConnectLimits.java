package holdfast.server.destination;

/**
 * How long to wait when connecting.
 *
 * @param staggerMillis before the next address is tried beside the last one (RFC 8305 section 5)
 * @param timeoutMillis for all addresses together
 */
record ConnectLimits(long staggerMillis, long timeoutMillis) {
    static final ConnectLimits USUAL = new ConnectLimits(250, 10_000);
}

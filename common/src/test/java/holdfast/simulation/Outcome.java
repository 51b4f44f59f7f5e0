package holdfast.simulation;

/**
 * What a seed came to.
 *
 * @param nanos virtual time
 * @param bytes received by programs
 * @param streams that there were
 */
record Outcome(long nanos, long bytes, int streams) {}

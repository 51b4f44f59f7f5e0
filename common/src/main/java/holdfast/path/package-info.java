/**
 * One path of a session: its state, its round-trip time and rate, what was put on it and not yet acknowledged (PROTOCOL.md sections 4, 6 and 7).
 *
 * <p>Imports {@code frame} and {@code protocol}; does not know streams: what a log entry stands for is the session's business.
 */
@NullMarked
package holdfast.path;

import org.jspecify.annotations.NullMarked;

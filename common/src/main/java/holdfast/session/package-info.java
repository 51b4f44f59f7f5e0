/**
 * The login between client and gateway: owns the streams, outlives every path (PROTOCOL.md).
 *
 * <p>The only package that knows both streams and paths. Sans-IO: frames, time and random bytes come in as arguments; frames and events are polled.
 * The byte comes from {@code driver} and goes as frames to it.
 */
@NullMarked
package holdfast.session;

import org.jspecify.annotations.NullMarked;

package holdfast.session;

import holdfast.frame.Frame;
import org.jspecify.annotations.Nullable;

/**
 * A frame on its way to a path, and what the path's log keeps for it.
 *
 * @param item null for a frame that is not worth remembering
 */
record Outgoing(Frame frame, @Nullable Sent item) {}

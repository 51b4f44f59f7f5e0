/**
 * What the operating system and the TLS engines give: event loops, sockets, and paths encrypted between two pinned keys.
 *
 * <p>Imports {@code frame}, {@code identity} and {@code protocol} of Holdfast, and Netty. It knows nothing of streams, paths as the session sees
 * them, or sessions: outgoing bytes come from {@code driver}, incoming ones return to it as decoded frames.
 */
@NullMarked
package holdfast.transport;

import org.jspecify.annotations.NullMarked;

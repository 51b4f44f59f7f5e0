/**
 * Tells destinations that want to know it who connects: a header of the PROXY protocol in front of a stream's bytes, with the client's address, the user and,
 * for destinations that may have it, the stream's channel binding (PROTOCOL.md section 5.7).
 *
 * <p>Imports {@code server.policy} for ranges of addresses, and of common {@code driver} and {@code identity}. A byte comes here first, before the relay, on
 * its way to the destination's socket.
 */
@NullMarked
package holdfast.server.introduction;

import org.jspecify.annotations.NullMarked;

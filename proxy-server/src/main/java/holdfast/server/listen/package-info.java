/**
 * Listening at the gateway, for SOCKS BIND and for {@code -R}: where a user may, one listener for each stream that asks for it, and each connection
 * handed over as a stream of its own.
 *
 * <p>Imports {@code server.destination} for names and meters, {@code server.budget} and {@code server.policy} for what a user may, and of common
 * {@code driver} (only its stream's face), {@code relay}, {@code protocol} and {@code transport}. Connections come from the network and go to
 * {@code relay}.
 */
@NullMarked
package holdfast.server.listen;

import org.jspecify.annotations.NullMarked;

/**
 * The gateway's front: listeners, the TLS handshake, and the first frame of each connection, which says what the connection is for.
 *
 * <p>Imports {@code transport}, {@code frame} and {@code server.session}.
 */
@NullMarked
package holdfast.server.gateway;

import org.jspecify.annotations.NullMarked;

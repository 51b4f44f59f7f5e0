/**
 * Forwards from the gateway to this machine ({@code -R}): has the gateway listen, and connects what comes there with destinations as this machine sees
 * them. The only place of the client that resolves names and connects to destinations itself, and it does so only for connections that came in at the
 * gateway, never for those of programs at the front door.
 *
 * <p>The byte comes from a stream and goes to a socket. Imports {@code client.config} for what is forwarded, {@code client.session} for streams,
 * {@code client.socks} for its messages, and of common {@code driver} (only its stream's face), {@code relay}, {@code protocol} and {@code transport}.
 */
@NullMarked
package holdfast.client.reverse;

import org.jspecify.annotations.NullMarked;

/**
 * All gateways of one client: which sessions there are, which run inside which others, and which of them a stream is opened on.
 *
 * <p>Streams come from {@code client.opening} and go on to {@code client.session}; the connections of sessions that run inside others come back from there
 * as channels over streams ({@code relay}). Imports {@code client.session}, {@code client.dialer}, {@code relay}, {@code driver} and what lies below.
 */
@NullMarked
package holdfast.client.gateways;

import org.jspecify.annotations.NullMarked;

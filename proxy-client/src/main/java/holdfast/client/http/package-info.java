/**
 * HTTP/1.1 as programs speak it to a proxy (RFC 9110, RFC 9112), and the two pages that the front door itself answers.
 *
 * <p>The byte comes from {@code client.door} and goes to {@code client.opening}, or as a request of its own to {@code client.session}. Names are never resolved
 * here.
 */
@NullMarked
package holdfast.client.http;

import org.jspecify.annotations.NullMarked;

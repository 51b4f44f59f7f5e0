/**
 * The client's session: keeps one alive over whatever paths there are, starts a new one when it is lost, opens streams on it.
 *
 * <p>Imports {@code driver} and {@code client.dialer}. The byte comes from {@code client.socks} and its siblings.
 */
@NullMarked
package holdfast.client.session;

import org.jspecify.annotations.NullMarked;

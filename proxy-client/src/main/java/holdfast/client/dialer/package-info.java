/**
 * Ways to the gateway: which there are, connecting and encrypting along one, noticing that the network has changed.
 *
 * <p>Imports {@code transport} and what lies below; knows nothing of sessions. The only code of the client that dials.
 */
@NullMarked
package holdfast.client.dialer;

import org.jspecify.annotations.NullMarked;

/**
 * Reaches the gateway by MTA-TLS instead of the session protocol (docs/mta-tls.md): one connection, dialed again when it is lost, and its channels as streams.
 *
 * <p>Imports {@code mtatls}, and of {@code client.session} what the front door opens streams by. The byte comes from {@code client.opening}.
 */
@NullMarked
package holdfast.client.mtatls;

import org.jspecify.annotations.NullMarked;

/**
 * Serves clients that speak MTA-TLS instead of the session protocol (docs/mta-tls.md): same users, policy, limits and destinations.
 *
 * <p>Imports {@code mtatls}, {@code server.gateway} for being welcomed, {@code server.session} for what serves streams, {@code server.budget}. The byte comes
 * from {@code mtatls} and goes to {@code server.destination}.
 */
@NullMarked
package holdfast.server.mtatls;

import org.jspecify.annotations.NullMarked;

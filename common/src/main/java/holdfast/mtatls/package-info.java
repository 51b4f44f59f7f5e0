/**
 * Carries MTA-TLS out on one event loop: one TLS connection, and its channels as streams (docs/mta-tls.md).
 *
 * <p>A second protocol beside the session's, which knows nothing of it. Imports {@code mtatls.channel}, {@code mtatls.message}, and of {@code driver} the stream
 * as a relay sees it. The byte comes from {@code relay} and goes to a TLS pipeline.
 */
@NullMarked
package holdfast.mtatls;

import org.jspecify.annotations.NullMarked;

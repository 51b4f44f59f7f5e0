/**
 * The eight messages of MTA-TLS with their exact bytes, and the decoder (docs/mta-tls.md).
 *
 * <p>Sans-IO. Imports {@code holdfast.protocol}. The byte comes from {@code mtatls.channel} and goes into a buffer.
 */
@NullMarked
package holdfast.mtatls.message;

import org.jspecify.annotations.NullMarked;

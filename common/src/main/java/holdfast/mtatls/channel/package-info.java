/**
 * The channels of one MTA-TLS connection: their states, windows and identifiers (docs/mta-tls.md).
 *
 * <p>Sans-IO: messages come in as arguments, messages and events are polled. Imports {@code holdfast.protocol} and {@code mtatls.message}. The byte comes from
 * {@code mtatls} and goes as messages to it.
 */
@NullMarked
package holdfast.mtatls.channel;

import org.jspecify.annotations.NullMarked;

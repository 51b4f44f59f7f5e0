/**
 * DNS messages, as far as both programs have to understand them: the client passes whole questions on, and the gateway answers those for addresses by its own
 * resolver. Knows nothing of Netty but its buffers; imports nothing of this program.
 */
@NullMarked
package holdfast.dns;

import org.jspecify.annotations.NullMarked;

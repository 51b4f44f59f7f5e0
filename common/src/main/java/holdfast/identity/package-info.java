/**
 * Who a program is and how that is kept: the key of an end, the pin by which the other end knows it, the invitation that introduces them, and
 * the files all this lives in.
 *
 * <p>Imports {@code holdfast.protocol}, the JDK and Bouncy Castle (only to make a certificate); no Netty, no loggers, no clocks.
 */
@NullMarked
package holdfast.identity;

import org.jspecify.annotations.NullMarked;

/**
 * How much of the gateway strangers, users and sessions may have, and who has how much of it now. One {@link holdfast.server.budget.Budget}, charged
 * everywhere: at the door, at every login and join, for every stream, byte and datagram. It decides and counts; it neither closes nor answers anything.
 *
 * <p>Imports {@code flowcontrol} for rates, {@code protocol} and {@code identity} for names. Times are passed in, in nanoseconds of a clock that
 * never goes back.
 */
@NullMarked
package holdfast.server.budget;

import org.jspecify.annotations.NullMarked;

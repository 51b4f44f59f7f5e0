/**
 * The last hop: from the name or address a program asked for to a connected socket, or to the reason why there is none.
 *
 * <p>Names are resolved here and nowhere else, off the event loops; policy sees every address before it is used, and the address it saw is the one
 * used. Imports of Holdfast {@code server.policy}, {@code relay}, {@code driver} (a stream's face), {@code transport} and
 * {@code protocol}. The byte comes from {@code relay} and goes
 * to the destination.
 */
@NullMarked
package holdfast.server.destination;

import org.jspecify.annotations.NullMarked;

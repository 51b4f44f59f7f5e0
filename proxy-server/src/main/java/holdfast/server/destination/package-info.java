/**
 * The last hop: from what a stream asks for to a connected socket. Names are resolved here and nowhere else, and what is connected to is what the
 * policy was asked about.
 *
 * <p>Imports {@code server.policy}, {@code relay}, {@code driver} (a stream's face) and {@code transport}.
 */
@NullMarked
package holdfast.server.destination;

import org.jspecify.annotations.NullMarked;

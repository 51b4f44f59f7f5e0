/**
 * The two-way pump between a socket and a stream.
 *
 * <p>Imports of Holdfast {@code driver} (only its stream's face) and {@code protocol}. The byte comes from a program's or a destination's socket and
 * goes to {@code driver}.
 */
@NullMarked
package holdfast.relay;

import org.jspecify.annotations.NullMarked;

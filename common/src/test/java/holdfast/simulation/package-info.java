/**
 * Two sessions, a network and programs at both ends in one thread and in virtual time, everything from a seed: where resume, several paths and flow
 * control are proved. A fault found anywhere else is first reproduced here.
 *
 * <p>{@code Simulation} plays one seed. {@code Endpoint} is what a driver does around a {@code Session}; {@code Link}, {@code Wire} and {@code Pipe}
 * are the network; {@code Weather} is what goes wrong; {@code Program} is what a stream's application does at one end; {@code Model} knows what must
 * and what must not come of it.
 */
@NullMarked
package holdfast.simulation;

import org.jspecify.annotations.NullMarked;

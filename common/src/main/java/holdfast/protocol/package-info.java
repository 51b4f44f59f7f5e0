/**
 * The words everything else is written in: identifiers, destinations, error codes, and the exception that carries an error's scope.
 *
 * <p>Imports nothing of Holdfast and, like every package of the protocol core, no sockets, threads, clocks or loggers.
 */
@NullMarked
package holdfast.protocol;

import org.jspecify.annotations.NullMarked;

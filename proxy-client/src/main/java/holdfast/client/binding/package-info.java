/**
 * Gives a program the channel binding of a connection that it has through this client, and gives it to no other program.
 *
 * <p>Imports {@code client.door} for whose a connection is and {@code client.opening} for its stream, and of common {@code driver}, {@code identity},
 * {@code protocol} and {@code transport}. No byte of a stream passes here.
 */
@NullMarked
package holdfast.client.binding;

import org.jspecify.annotations.NullMarked;

/**
 * The front door: where programs connect. It binds the listeners, and the first byte of a connection decides which protocol its program speaks.
 *
 * <p>The byte comes from a program's socket and goes to {@code client.socks} or {@code client.http}; imports those, {@code client.opening} and {@code console}.
 */
@NullMarked
package holdfast.client.door;

import org.jspecify.annotations.NullMarked;

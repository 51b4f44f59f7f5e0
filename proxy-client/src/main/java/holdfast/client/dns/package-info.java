/**
 * Name questions of programs that know of no proxy. Each is passed on whole in a stream of its own, so the gateway's resolver answers it and nothing of it
 * is seen outside the session.
 *
 * <p>The question comes from a program's socket and goes to {@code driver}; imports {@code client.session}, {@code client.door} for addresses, {@code dns},
 * {@code transport} and {@code console}.
 */
@NullMarked
package holdfast.client.dns;

import org.jspecify.annotations.NullMarked;

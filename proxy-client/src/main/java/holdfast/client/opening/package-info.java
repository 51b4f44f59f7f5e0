/**
 * From what a program asked for to a running relay, whatever protocol it asked in: how a stream is opened (fast or confirmed), what the program said too
 * early, and how a connection ends before it has a stream.
 *
 * <p>The byte comes from {@code client.socks} or {@code client.http} and goes to {@code relay}. Imports {@code client.session}, {@code relay}, {@code driver}
 * and {@code protocol}.
 */
@NullMarked
package holdfast.client.opening;

import org.jspecify.annotations.NullMarked;

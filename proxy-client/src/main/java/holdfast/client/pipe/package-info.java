/**
 * Standard input and output as one connection through the running client ({@code -W}), for ssh's ProxyCommand.
 *
 * <p>The byte comes from stdin and goes to the running client's front door, by a socket like any program's. Imports {@code console} and {@code protocol}.
 */
@NullMarked
package holdfast.client.pipe;

import org.jspecify.annotations.NullMarked;

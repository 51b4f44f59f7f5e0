/**
 * What a program has to be told so that it uses the proxy: environment variables, and a shell's way of setting them.
 *
 * <p>No byte passes here. Imports {@code protocol}.
 */
@NullMarked
package holdfast.client.environment;

import org.jspecify.annotations.NullMarked;

/**
 * What {@code proxy-server status} shows.
 *
 * <p>Imports {@code server.session} and {@code console}.
 */
@NullMarked
package holdfast.server.status;

import org.jspecify.annotations.NullMarked;

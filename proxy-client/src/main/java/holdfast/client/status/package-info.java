/**
 * What {@code proxy-client status} shows.
 *
 * <p>Imports {@code client.session} and {@code console}.
 */
@NullMarked
package holdfast.client.status;

import org.jspecify.annotations.NullMarked;

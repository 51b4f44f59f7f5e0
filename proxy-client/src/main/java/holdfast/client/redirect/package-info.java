/**
 * The rules that make Linux turn connections and name questions of all programs to this client. Text only: they are printed for an administrator, never
 * carried out.
 *
 * <p>No byte passes here. Imports {@code protocol}.
 */
@NullMarked
package holdfast.client.redirect;

import org.jspecify.annotations.NullMarked;

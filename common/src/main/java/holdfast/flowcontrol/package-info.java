/**
 * Credit as absolute offsets: pure arithmetic, no frames, no time but what is passed in (PROTOCOL.md section 8).
 *
 * <p>Imports {@code protocol} only.
 */
@NullMarked
package holdfast.flowcontrol;

import org.jspecify.annotations.NullMarked;

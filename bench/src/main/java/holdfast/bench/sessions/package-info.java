/**
 * Many clients at one gateway: sessions as {@code proxy-client} has them, all in one process, against a real gateway and a real destination. May import
 * every package of common.
 */
@NullMarked
package holdfast.bench.sessions;

import org.jspecify.annotations.NullMarked;

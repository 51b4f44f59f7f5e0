/** Measurements of single parts. May import every package of common. */
@NullMarked
package holdfast.bench;

import org.jspecify.annotations.NullMarked;

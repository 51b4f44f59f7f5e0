/** What a program does once for practice, so that the first user of its code is not the one who waits for it. */
@NullMarked
package holdfast.warmup;

import org.jspecify.annotations.NullMarked;

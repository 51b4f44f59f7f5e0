/** What the tests of every module share; no test of its own product code. Reaches the other modules as common's test jar. */
@NullMarked
package holdfast.testing;

import org.jspecify.annotations.NullMarked;

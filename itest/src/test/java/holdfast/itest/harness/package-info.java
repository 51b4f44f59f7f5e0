/**
 * What the promises are tried with: both programs as processes ({@link holdfast.itest.harness.TestBed}), real programs and servers beside them, links that
 * break on command, and destinations that check every byte.
 *
 * <p>Imports the JDK and JUnit only, nothing of Holdfast: the programs are known by their command line and their sockets.
 */
@NullMarked
package holdfast.itest.harness;

import org.jspecify.annotations.NullMarked;

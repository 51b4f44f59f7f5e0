/**
 * What the product promises, one class per promise: the real launchers run as processes, and real programs go through them to real servers on this machine.
 *
 * <p>Imports {@code itest.harness} and nothing of Holdfast.
 */
@NullMarked
package holdfast.itest;

import org.jspecify.annotations.NullMarked;

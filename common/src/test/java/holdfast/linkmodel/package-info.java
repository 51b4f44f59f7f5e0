/** Links, and TCP over them, in virtual time: what measures what a sender does to the queue of a slow router. */
@NullMarked
package holdfast.linkmodel;

import org.jspecify.annotations.NullMarked;

/**
 * Who did what, where, when, with what result: one line for each session, join, stream and refusal, in a file of its own. Never content, never a
 * secret, and never a wait on an event loop.
 *
 * <p>Imports {@code console} for how a line is written.
 */
@NullMarked
package holdfast.server.audit;

import org.jspecify.annotations.NullMarked;

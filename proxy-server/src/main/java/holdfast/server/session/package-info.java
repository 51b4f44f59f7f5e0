/**
 * The sessions of the gateway: which there are, whose they are, what their streams ask for.
 *
 * <p>Imports {@code driver}, {@code session} and what lies below; {@code server.gateway} brings new paths here, streams go on to
 * {@code server.destination}.
 */
@NullMarked
package holdfast.server.session;

import org.jspecify.annotations.NullMarked;

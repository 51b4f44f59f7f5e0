/**
 * What keeps a gateway running under somebody's eyes: a port with metrics and health on loopback, the service manager's notifications, and a pulse of
 * the event loops that both are fed from; and what the machine gives at the start.
 *
 * <p>Imports {@code console} for counters and faults. Nothing of it lies on the way of a byte.
 */
@NullMarked
package holdfast.server.admin;

import org.jspecify.annotations.NullMarked;

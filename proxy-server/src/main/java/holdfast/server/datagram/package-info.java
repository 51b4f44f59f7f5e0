/**
 * UDP associations at the gateway: a socket for each, names resolved, the policy asked for every datagram.
 *
 * <p>Imports {@code server.destination} for names and addresses, {@code server.policy} for verdicts, and of common {@code driver} (only its stream's
 * face), {@code protocol} and {@code transport}. Datagrams come from {@code server.session}'s streams and go to the network.
 */
@NullMarked
package holdfast.server.datagram;

import org.jspecify.annotations.NullMarked;

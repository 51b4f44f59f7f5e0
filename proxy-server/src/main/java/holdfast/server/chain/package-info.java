/**
 * Chains of gateways: what this one says when it is a relay, and what it takes from relays when it is the last (PROTOCOL.md section 2.7).
 *
 * <p>Streams of kind GATEWAY come from {@code server.session} and go on to {@code relay}; chains that connections start with come from
 * {@code server.gateway}. Imports {@code server.policy}, {@code server.destination}, {@code server.audit}, {@code server.budget}, {@code relay}, {@code driver},
 * {@code identity} and {@code protocol}.
 */
@NullMarked
package holdfast.server.chain;

import org.jspecify.annotations.NullMarked;

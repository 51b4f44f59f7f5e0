/**
 * SOCKS 4, 4a and 5 as programs speak them to the front door: messages exact to the byte, and one handler per version that ends in an opening.
 *
 * <p>Netty's own SOCKS decoders are not used: they take names and passwords for US-ASCII, refuse labels that only a resolver should judge, do not tell an
 * unknown address type from other faults, and have nothing for datagrams. Here one address codec serves requests, replies and datagrams.
 *
 * <p>The byte comes from {@code client.door} and goes to {@code client.opening}; imports that and {@code protocol}. Names are never resolved here.
 */
@NullMarked
package holdfast.client.socks;

import org.jspecify.annotations.NullMarked;

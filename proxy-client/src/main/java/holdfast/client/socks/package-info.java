/**
 * SOCKS 4, 4a and 5 as programs speak them to the front door: messages exact to the byte, and one handler per version that ends in an opening.
 *
 * <p>The byte comes from {@code client.door} and goes to {@code client.opening}; imports that and {@code protocol}. Names are never resolved here.
 */
@NullMarked
package holdfast.client.socks;

import org.jspecify.annotations.NullMarked;

/** The program proxy-client: wiring only. May import every package of common and of client. */
@NullMarked
package holdfast.client;

import org.jspecify.annotations.NullMarked;

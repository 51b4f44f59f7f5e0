/** The program proxy-server: wiring only. May import every package of common and of server. */
@NullMarked
package holdfast.server;

import org.jspecify.annotations.NullMarked;

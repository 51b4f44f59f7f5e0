/**
 * Who may reach what through this gateway: private networks and the machine itself are closed until a rule opens them, and listening is.
 *
 * <p>Decides on the bytes of addresses, after names were resolved; of a name it sees the text that the program asked for, and resolves nothing. Imports {@code holdfast.protocol} only.
 */
@NullMarked
package holdfast.server.policy;

import org.jspecify.annotations.NullMarked;

/**
 * Whose keys may log in, and the one-time codes that add keys. Everything is in files of the gateway's home, so that the commands work while
 * the gateway runs; nothing here is ever called on an event loop, except what says so.
 *
 * <p>Imports {@code identity} and {@code protocol}.
 */
@NullMarked
package holdfast.server.users;

import org.jspecify.annotations.NullMarked;

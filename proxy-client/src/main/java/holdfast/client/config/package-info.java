/**
 * The client's home folder, the account in it, and what the command line says about forwards.
 *
 * <p>Imports {@code client.door} for addresses to listen at, {@code client.session} for what it remembers, and of common {@code console},
 * {@code identity} and {@code protocol}.
 */
@NullMarked
package holdfast.client.config;

import org.jspecify.annotations.NullMarked;

/**
 * The gateway's home folder and its settings: where files lie, what {@code gateway.toml} says, what a new home starts with.
 *
 * <p>Imports {@code server.policy} for the rules, and of common {@code console}, {@code identity} and {@code protocol}.
 */
@NullMarked
package holdfast.server.config;

import org.jspecify.annotations.NullMarked;

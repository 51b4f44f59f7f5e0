/**
 * {@code discover}: where a domain, a web server or the local link say that gateways are. Hints for a person, never trusted: a gateway is known by its key alone.
 *
 * <p>The only package of the client that asks name servers or web servers by itself, and only when its user says so. Blocking, as nothing else happens in
 * that process; the running client has no part in it. Imports nothing of Holdfast.
 */
@NullMarked
package holdfast.client.discovery;

import org.jspecify.annotations.NullMarked;

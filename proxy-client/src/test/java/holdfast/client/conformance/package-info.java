/**
 * What a SOCKS server has to do, as a table of dialogues. They run over plain sockets against any server that is given by host and port ({@code SocksConformance}),
 * and in the build against ours.
 */
@NullMarked
package holdfast.client.conformance;

import org.jspecify.annotations.NullMarked;

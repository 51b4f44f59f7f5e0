/**
 * The frames of PROTOCOL.md section 3, one record a file, with their exact encodings, and the decoder.
 *
 * <p>Imports {@code protocol} and Netty's buffers. Outgoing frames come from {@code session} and leave by {@code transport}; incoming ones go the
 * other way as decoded records.
 */
@NullMarked
package holdfast.frame;

import org.jspecify.annotations.NullMarked;

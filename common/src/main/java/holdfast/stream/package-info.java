/**
 * One stream: two halves, each with its own state and byte offsets (PROTOCOL.md section 5).
 *
 * <p>Imports {@code flowcontrol} and {@code protocol}; knows neither paths nor frames. Bytes to send come from {@code session} and wait here until
 * they are acknowledged; bytes received wait here until the relay reads them.
 */
@NullMarked
package holdfast.stream;

import org.jspecify.annotations.NullMarked;

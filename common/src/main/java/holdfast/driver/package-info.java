/**
 * Drives one session on one event loop: feeds it frames, time and commands, and carries out what it answers.
 *
 * <p>The byte comes from {@code relay} as {@link holdfast.driver.StreamHandle#write} and goes to {@code session}, then as frames to {@code transport}.
 */
@NullMarked
package holdfast.driver;

import org.jspecify.annotations.NullMarked;

/**
 * What both programs share in dealing with people and scripts: exit codes, log lines, JSON, the status socket, and where the home folder is.
 *
 * <p>Imports the JDK, SLF4J with Logback, and picocli; nothing of Holdfast but {@code holdfast.identity}'s private files.
 */
@NullMarked
package holdfast.console;

import org.jspecify.annotations.NullMarked;

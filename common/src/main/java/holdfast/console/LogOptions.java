package holdfast.console;

import picocli.CommandLine.Option;

/** The options about the log that the long-running commands share; a picocli mixin. */
public final class LogOptions {
    @Option(
            names = {"-v", "--verbose"},
            description = "Log more; twice: everything, also of the libraries.")
    private boolean[] verbose = {};

    @Option(
            names = {"-q", "--quiet"},
            description = "Log only warnings and errors.")
    private boolean quiet;

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            description = "One event a line, as key=value or as a JSON object. Default: text.")
    private LogFormat format = LogFormat.TEXT;

    /** For picocli. */
    public LogOptions() {}

    /** Sends the log of a program that serves to stderr, as the options say. */
    public Logs start() {
        return Logs.toStderr(format, quiet ? -1 : verbose.length);
    }

    /** As {@link #start}, for a command that is done in a moment: without {@code -v} only warnings. */
    public Logs startForCommand() {
        return Logs.toStderr(format, verbose.length - 1);
    }
}

package holdfast.console;

import picocli.CommandLine.Option;

/** The option {@code --help}, which every command has; a picocli mixin. */
public final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    /** For picocli. */
    public HelpOption() {}

    /** Whether help was asked for; picocli shows it by itself. */
    public boolean isAsked() {
        return help;
    }
}

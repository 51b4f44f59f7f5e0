package holdfast.console;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code --watch}: shows something again and again, until the program is interrupted. */
public final class WatchOption {
    private static final String CLEAR = "\033[H\033[2J";

    /** Asked for with a number of seconds, or without one. */
    @Option(
            names = "--watch",
            arity = "0..1",
            paramLabel = "SECONDS",
            fallbackValue = "1",
            defaultValue = "0",
            description = "Show it again every so many seconds (1 where none are given), until interrupted.")
    private int seconds;

    /**
     * Prints what is answered, once or as often as was asked for. On a terminal each answer takes the place of the last.
     *
     * @throws FatalException as asking does; the first failure ends it
     */
    public void show(PrintWriter out, Supplier<String> ask) throws InterruptedException {
        if (seconds <= 0) {
            out.println(ask.get().stripTrailing());
            return;
        }
        boolean terminal = CommandLine.Help.Ansi.AUTO.enabled();
        while (true) {
            String answer = ask.get().stripTrailing();
            out.println(terminal ? CLEAR + answer : answer);
            out.flush();
            TimeUnit.SECONDS.sleep(seconds);
        }
    }
}

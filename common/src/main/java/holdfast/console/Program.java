package holdfast.console;

import holdfast.identity.UnsafeFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Runs a program's command line and turns whatever happens into one line on stderr and an {@link ExitCode}. */
public final class Program {
    private static final int HELP_WIDTH = 100;

    private Program() {}

    /** Runs the command and ends the process. Does not return. */
    public static void main(CommandLine commandLine, String... arguments) {
        StopSignal.ownProcess();
        int code = run(commandLine, arguments);
        commandLine.getOut().flush();
        commandLine.getErr().flush();
        StopSignal.exit(code);
    }

    /** Runs the command and returns its exit code; output goes to the command line's own writers. */
    public static int run(CommandLine commandLine, String... arguments) {
        keepOrder(commandLine);
        commandLine
                .setUsageHelpWidth(HELP_WIDTH)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, args) -> usage(e))
                .setExecutionExceptionHandler((e, failed, parsed) -> failure(commandLine, e));
        return commandLine.execute(arguments);
    }

    /**
     * Gives the command line its commands: the one that the first argument names, or else all of them, to choose from. To prepare all of them would take half
     * of the time that a program needs from start to ready.
     */
    public static void addCommands(
            CommandLine commandLine, List<Map.Entry<String, Supplier<Object>>> commands, String... arguments) {
        String first = arguments.length == 0 ? "" : arguments[0];
        boolean isNamed = commands.stream().anyMatch(each -> each.getKey().equals(first));
        for (Map.Entry<String, Supplier<Object>> each : commands) {
            if (!isNamed || each.getKey().equals(first)) {
                commandLine.addSubcommand(each.getKey(), each.getValue().get());
            }
        }
    }

    /** Reads an option's value by a function whose {@link IllegalArgumentException} becomes the usage error. */
    public static <T> ITypeConverter<T> converter(Function<String, T> parser) {
        return text -> {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        };
    }

    /** In the help, options stand as the code has them, the important ones first, and not by the alphabet. */
    private static void keepOrder(CommandLine command) {
        command.getCommandSpec().usageMessage().sortOptions(false).sortSynopsis(false);
        command.getSubcommands().values().forEach(Program::keepOrder);
    }

    private static int usage(ParameterException e) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(rootName(command) + ": " + e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try  " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE.code();
    }

    private static int failure(CommandLine commandLine, Exception e) {
        ExitCode code = exitCode(e);
        commandLine.getErr().println(rootName(commandLine) + ": " + message(e, code));
        if (code == ExitCode.SOFTWARE) {
            e.printStackTrace(commandLine.getErr());
        }
        return code.code();
    }

    private static ExitCode exitCode(Exception e) {
        if (e instanceof FatalException fatal) {
            return fatal.exitCode();
        }
        if (e instanceof UnsafeFileException) {
            return ExitCode.CONFIG;
        }
        return e instanceof IOException ? ExitCode.CANNOT_CREATE : ExitCode.SOFTWARE;
    }

    private static String message(Exception e, ExitCode code) {
        if (code == ExitCode.SOFTWARE) {
            return "a fault of the program itself; please report it";
        }
        if (e instanceof FileSystemException file && file.getReason() == null) {
            // Their message is only the file's name.
            return reason(file) + file.getFile();
        }
        return String.valueOf(e.getMessage());
    }

    private static String reason(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no ";
        }
        if (e instanceof AccessDeniedException) {
            return "not permitted to use ";
        }
        return e instanceof FileAlreadyExistsException ? "there is already a " : "cannot use ";
    }

    private static String rootName(CommandLine command) {
        return command.getCommandSpec().root().name();
    }
}

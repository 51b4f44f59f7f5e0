package holdfast.itest.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real program, run to its end within a time limit. It and whatever it started are ended when the limit is over. */
public final class Program {
    private static final Duration USUAL_LIMIT = Duration.ofSeconds(60);

    private final List<String> command;
    private final Map<String, String> environment = new TreeMap<>();
    private Duration limit = USUAL_LIMIT;
    private @Nullable Path folder;
    private @Nullable InputStream input;
    private @Nullable OutputStream output;

    private Program(List<String> command) {
        this.command = command;
    }

    /** A program of this machine; see {@link Tools#require} for what happens when it is missing. */
    public static Program of(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(program.contains("/") ? program : Tools.require(program));
        command.addAll(List.of(arguments));
        return new Program(command);
    }

    /** Runs a program of this machine with the usual limit. */
    public static Result run(String program, String... arguments) throws Exception {
        return of(program, arguments).run();
    }

    public Program limit(Duration longest) {
        limit = longest;
        return this;
    }

    public Program in(Path workingFolder) {
        folder = workingFolder;
        return this;
    }

    public Program with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** What the program reads; closed at its end. */
    public Program input(InputStream bytes) {
        input = bytes;
        return this;
    }

    /** Where the program's output goes instead of into the result; for what is too large to keep. */
    public Program outputTo(OutputStream sink) {
        output = sink;
        return this;
    }

    /**
     * What came of it.
     *
     * @param exitCode as the program gave it
     * @param output its standard output, empty if that went elsewhere
     * @param errors its standard error
     */
    public record Result(List<String> command, int exitCode, String output, String errors) {
        /** This result, if the program ended with 0. */
        public Result ok() {
            if (exitCode != 0) {
                throw new AssertionError(this.toString());
            }
            return this;
        }

        @Override
        public String toString() {
            return String.join(" ", command) + "\nended with " + exitCode + "\n" + output + errors;
        }
    }

    public Result run() throws Exception {
        Process process = start();
        try {
            CompletableFuture<Void> fed = CompletableFuture.runAsync(() -> feed(process), Daemon.THREADS);
            ByteArrayOutputStream kept = new ByteArrayOutputStream();
            ByteArrayOutputStream errors = new ByteArrayOutputStream();
            OutputStream sink = output == null ? kept : output;
            CompletableFuture<Void> drained = CompletableFuture.allOf(
                    CompletableFuture.runAsync(() -> drain(process.getInputStream(), sink), Daemon.THREADS),
                    CompletableFuture.runAsync(() -> drain(process.getErrorStream(), errors), Daemon.THREADS));
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + limit.toSeconds() + " s: " + String.join(" ", command)
                        + "\n" + text(kept) + text(errors));
            }
            drained.get(10, TimeUnit.SECONDS);
            fed.cancel(true);
            return new Result(command, process.exitValue(), text(kept), text(errors));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        Daemon.clearProxySettings(builder.environment());
        builder.environment().putAll(environment);
        if (folder != null) {
            builder.directory(folder.toFile());
        }
        return builder.start();
    }

    private void feed(Process process) {
        try (OutputStream in = process.getOutputStream();
                InputStream bytes = input == null ? InputStream.nullInputStream() : input) {
            bytes.transferTo(in);
        } catch (IOException endedWithoutReadingAll) {
            // the exit code and the test's own check of what arrived tell whether that is right
        }
    }

    private static void drain(InputStream from, OutputStream to) {
        try (from;
                to) {
            from.transferTo(to);
        } catch (IOException ended) {
            // as above
        }
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}

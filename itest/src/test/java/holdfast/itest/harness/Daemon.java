package holdfast.itest.harness;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A program that runs until it is told to end. What it prints, on both outputs, goes to a file that can be looked at while it runs. */
public final class Daemon implements AutoCloseable {
    /** For whatever a test has to do beside its main thread; never keeps the virtual machine alive. */
    public static final ExecutorService THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "itest");
        thread.setDaemon(true);
        return thread;
    });

    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
    private static final int SIGKILL_EXIT = 128 + 9;

    private final String name;
    private final Process process;
    private final Path log;

    private Daemon(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** Starts a program that appends what it prints to {@code log}. */
    public static Daemon start(String name, Path log, List<String> command, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        clearProxySettings(builder.environment());
        builder.environment().putAll(environment);
        return new Daemon(name, builder.start(), log);
    }

    static void clearProxySettings(Map<String, String> environment) {
        environment.keySet().removeIf(variable -> Pattern.matches("(?i).*_proxy", variable));
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What the program reads on its standard input. */
    public OutputStream input() {
        return process.getOutputStream();
    }

    /** What it has started, and what that has started, as it is now. */
    public List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }

    /** Everything printed so far. */
    public String log() throws IOException {
        return Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
    }

    /** Waits until the log has a match for this expression. Fails when that takes too long or the program ends before. */
    public Daemon awaitLog(String expression, Duration limit) throws Exception {
        Pattern pattern = Pattern.compile(expression);
        boolean seen = Await.within(limit, () -> pattern.matcher(log()).find() || !isAlive());
        if (!seen || !pattern.matcher(log()).find()) {
            throw new AssertionError(name + (isAlive() ? " did not print " : " ended without printing ") + expression
                    + "; it printed:\n" + log());
        }
        return this;
    }

    /** Waits for the program to end by itself and gives its exit code. */
    public int awaitEnd(Duration limit) throws Exception {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(name + " still runs after " + limit.toSeconds() + " s; it printed:\n" + log());
        }
        return process.exitValue();
    }

    /** Asks the program to end by SIGTERM and gives its exit code. One that does not end is killed, which is a failure. */
    public int stop() throws Exception {
        process.destroy();
        if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
            throw new AssertionError(
                    name + " did not end within " + STOP_LIMIT.toSeconds() + " s of SIGTERM; it printed:\n" + log());
        }
        return process.exitValue();
    }

    /** SIGKILL, as a crash: the program can do nothing about it any more. Returns when it is gone. */
    public void kill() throws Exception {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Sends a signal by name, for example {@code STOP} or {@code INT}. */
    public void signal(String signal) throws Exception {
        Program.run("kill", "-" + signal, Long.toString(pid())).ok();
    }

    /** Resident memory in bytes; 0 where the platform does not tell. */
    public long residentBytes() throws IOException {
        Path status = Path.of("/proc", Long.toString(pid()), "status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        }
    }

    /** Open file descriptors; 0 where the platform does not tell. */
    public long openFiles() throws IOException {
        Path folder = Path.of("/proc", Long.toString(pid()), "fd");
        if (!Files.isReadable(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    /** Ends a helper program whose way of ending is of no interest. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (Exception interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the exit code is that of a program ended by SIGKILL. */
    public static boolean wasKilled(int exitCode) {
        return exitCode == SIGKILL_EXIT;
    }
}

package holdfast.simulation;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Plays many seeds and says which of them failed, and how to see that again. */
final class Seeds {
    private static final int MAX_FAILURES = 10;

    private final long first;
    private final long count;
    private final AtomicLong next;
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong played = new AtomicLong();
    private final AtomicLong virtualNanos = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    Seeds(long first, long count) {
        this.first = first;
        this.count = count;
        this.next = new AtomicLong(first);
    }

    /** Plays them in this thread and in {@code threads - 1} others. Returns what failed, with the command that replays it. */
    List<String> play(int threads) {
        List<Thread> others = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            Thread thread = new Thread(this::work, "seeds " + i);
            thread.start();
            others.add(thread);
        }
        work();
        for (Thread each : others) {
            try {
                each.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return List.copyOf(failures);
    }

    private void work() {
        for (long seed = next.getAndIncrement();
                seed < first + count && failures.size() < MAX_FAILURES;
                seed = next.getAndIncrement()) {
            try {
                Outcome outcome = Simulation.play(seed, null);
                played.incrementAndGet();
                virtualNanos.addAndGet(outcome.nanos());
                bytes.addAndGet(outcome.bytes());
            } catch (AssertionError | RuntimeException e) {
                failures.add("seed " + seed + ": " + describe(e) + "\n  replay: scripts/simulate --seed " + seed);
            }
        }
    }

    private static String describe(Throwable e) {
        StringBuilder text = new StringBuilder(String.valueOf(e));
        StackTraceElement[] stack = e.getStackTrace();
        for (int i = 0; i < Math.min(stack.length, e instanceof SimulationFailure ? 0 : 8); i++) {
            text.append("\n    at ").append(stack[i]);
        }
        return text.toString();
    }

    String summary() {
        return String.format(
                "%d seeds, %.1f hours of virtual time, %.1f MB received",
                played.get(), virtualNanos.get() / 3600e9, bytes.get() / 1e6);
    }

    /** Plays one seed and writes down what happens. Returns whether it came out well. */
    static boolean replay(long seed, PrintStream out) {
        try {
            Outcome outcome = Simulation.play(seed, out);
            out.println("seed " + seed + " passes: " + outcome);
            return true;
        } catch (AssertionError | RuntimeException e) {
            e.printStackTrace(out);
            out.println("seed " + seed + " fails");
            return false;
        }
    }
}

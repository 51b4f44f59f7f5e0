package holdfast.bench;

import holdfast.path.ReplayLog;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What each frame pays for being repeatable: into the log of a path that has much in flight, and out again when an acknowledgement covers it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ReplayLogBenchmark {
    private static final int FRAME = 16_384;

    @Param({"16", "4096"})
    public int inFlight;

    private ReplayLog<Integer> log = new ReplayLog<>();
    private long sent;

    @Setup(Level.Iteration)
    public void fill() {
        log = new ReplayLog<>();
        sent = 0;
        for (int i = 0; i < inFlight; i++) {
            log.add(sent += FRAME, FRAME, i, 1);
        }
    }

    /** Eight frames leave, and one acknowledgement covers the eight oldest. */
    @Benchmark
    public void eightFrames(Blackhole settled) {
        for (int i = 0; i < 8; i++) {
            log.add(sent += FRAME, FRAME, sent, 1);
        }
        log.acknowledge(sent - (long) inFlight * FRAME, settled::consume);
    }
}

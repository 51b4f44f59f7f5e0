package holdfast.itest.harness;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * Streams of every kind that run until they are told to stop, every byte checked: some echo from the first moment to the last on one stream, the others
 * download and upload on one stream after the other.
 */
public final class CheckedTraffic {
    private static final int STEP = 64 * 1024;
    private static final int LARGEST = 4_000_000;

    private final Connect connect;
    private final AtomicLongArray steps;
    private final List<Background> streams = new ArrayList<>();
    private volatile boolean stopping;

    /** How a stream to a {@link PatternDestination} comes about. */
    @FunctionalInterface
    public interface Connect {
        Socket open() throws IOException;
    }

    private CheckedTraffic(Connect connect, int count) {
        this.connect = connect;
        this.steps = new AtomicLongArray(count);
    }

    /** Starts this many streams and returns when each has moved bytes. */
    public static CheckedTraffic start(Connect connect, int count, long seed, Duration limit) throws Exception {
        CheckedTraffic traffic = new CheckedTraffic(connect, count);
        for (int i = 0; i < count; i++) {
            int stream = i;
            Random random = new Random(seed + i);
            traffic.streams.add(Background.run(() -> {
                if (stream % 3 == 0) {
                    traffic.echo(stream, random);
                } else {
                    traffic.transfer(stream, random);
                }
            }));
        }
        traffic.awaitProgress(limit);
        return traffic;
    }

    private void echo(int stream, Random random) throws IOException {
        try (PatternClient echo = new PatternClient(connect.open()).beginEcho()) {
            while (!stopping) {
                echo.ping(1 + random.nextInt(random.nextBoolean() ? 100 : 20_000));
                steps.incrementAndGet(stream);
            }
        }
    }

    private void transfer(int stream, Random random) throws IOException {
        while (!stopping) {
            int bytes = random.nextInt(LARGEST);
            try (PatternClient client = new PatternClient(connect.open())) {
                if (random.nextBoolean()) {
                    client.beginGet(bytes);
                    for (int left = bytes; left > 0; left -= STEP) {
                        client.read(Math.min(STEP, left));
                        steps.incrementAndGet(stream);
                    }
                    client.expectEnd();
                } else {
                    client.beginPut(bytes);
                    for (int left = bytes; left > 0; left -= STEP) {
                        client.write(Math.min(STEP, left));
                        steps.incrementAndGet(stream);
                    }
                    client.expectVerdict();
                }
            }
        }
    }

    /** Waits until every stream has moved bytes again since now; fails at once if one has failed. */
    public void awaitProgress(Duration limit) throws Exception {
        long[] before = snapshot();
        boolean moved = Await.within(limit, () -> {
            for (Background each : streams) {
                if (each.isDone()) {
                    each.await(limit);
                }
            }
            long[] now = snapshot();
            return IntStream.range(0, now.length).allMatch(i -> now[i] > before[i]);
        });
        if (!moved) {
            throw new AssertionError("streams do not go on; steps before and after " + limit.toSeconds() + " s:\n"
                    + Arrays.toString(before) + "\n" + Arrays.toString(snapshot()));
        }
    }

    private long[] snapshot() {
        long[] values = new long[steps.length()];
        Arrays.setAll(values, steps::get);
        return values;
    }

    /** Lets every stream come to its end; fails if one does not, or has failed, or got a wrong byte. */
    public void stop(Duration limit) throws Exception {
        stopping = true;
        for (Background each : streams) {
            each.await(limit);
        }
    }
}

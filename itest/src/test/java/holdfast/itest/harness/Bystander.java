package holdfast.itest.harness;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** A user who goes on working while others are attacked: sends small messages, and checks each answer and how long it takes. */
public final class Bystander {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MESSAGE_BYTES = 200;

    private final PatternClient client;
    private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
    private final Background work;
    private volatile boolean over;

    private Bystander(Socket connected) throws Exception {
        client = new PatternClient(connected).beginEcho();
        client.ping(MESSAGE_BYTES);
        work = Background.run(this::goOn);
    }

    /** Begins to work over a connection to a {@link PatternDestination}. */
    public static Bystander start(Socket connected) throws Exception {
        return new Bystander(connected);
    }

    /** Stops working, and fails if any answer was wrong or missing. Says how long answers took. */
    public void stop() throws Exception {
        over = true;
        work.await(LIMIT);
        client.ping(100_000);
        client.close();
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "bystander: %d answers, median %.1f ms, p99 %.1f ms%n",
                sorted.size(),
                sorted.get(sorted.size() / 2) / 1e6,
                sorted.get(sorted.size() * 99 / 100) / 1e6);
    }

    private void goOn() throws IOException {
        while (!over) {
            long sent = System.nanoTime();
            client.ping(MESSAGE_BYTES);
            nanos.add(System.nanoTime() - sent);
        }
    }
}

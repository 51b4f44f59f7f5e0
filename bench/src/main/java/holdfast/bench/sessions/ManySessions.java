package holdfast.bench.sessions;

import holdfast.identity.Invitation;
import holdfast.protocol.Destination;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Sessions of as many users at one gateway, with streams that echo and then with one download each; prints {@code key=value} figures as {@code load} does.
 *
 * <p>Arguments: a file with an invitation (for the gateway's address and key only; it is not used up), the folder of the gateway's users, where the users
 * are written to, where a {@link Source} is, sessions, echo streams in each, seconds of echoes, seconds of downloads (0 for none). It ends with an error if a
 * byte is wrong or anything is lost, but for paths during the downloads, which are counted.
 */
public final class ManySessions {
    /** A gateway takes 16 connections of an address at once that have not logged in. */
    private static final int DIALING = 8;

    /** Not measured: caches, compiled code. */
    private static final int WARM_UP_SECONDS = 5;

    /** How often each stream sends an echo. */
    private static final long EVERY_MILLIS = 4_000;

    private static final long PATIENCE_SECONDS = 60;

    private final List<ClientSession> sessions = new ArrayList<>();

    private ManySessions() {}

    public static void main(String... arguments) throws Exception {
        Invitation invitation = Invitation.parse(Files.readString(Path.of(arguments[0])));
        Destination source = Destination.parse(arguments[2]);
        int count = Integer.parseInt(arguments[3]);
        int streams = Integer.parseInt(arguments[4]);
        int echoSeconds = Integer.parseInt(arguments[5]);
        int downloadSeconds = Integer.parseInt(arguments[6]);
        ManySessions all = new ManySessions();
        try (Clients clients = Clients.enrol(invitation, Path.of(arguments[1]), count)) {
            all.connect(clients, count);
            all.open(source, streams);
            System.out.println("open=" + count * streams + " sessions=" + count);
            if (echoSeconds > 0) {
                all.echo(echoSeconds);
            }
            if (downloadSeconds > 0) {
                all.download(source, downloadSeconds);
            }
            // Before all connections are closed, which fails them.
            Failures.throwFirst();
        }
    }

    private void connect(Clients clients, int count) throws InterruptedException {
        Semaphore free = new Semaphore(DIALING);
        for (int i = 0; i < count; i++) {
            acquire(free, 1);
            ClientSession session = clients.session(i);
            sessions.add(session);
            session.connect(free::release);
        }
        acquire(free, DIALING);
    }

    private void open(Destination destination, int streams) throws InterruptedException {
        // Few sessions at once, so that a destination's backlog is enough for their streams.
        Semaphore free = new Semaphore(DIALING);
        for (ClientSession each : sessions) {
            acquire(free, 1);
            each.onLoop(() -> each.open(destination, streams, free::release));
        }
        acquire(free, DIALING);
    }

    private void echo(int seconds) throws InterruptedException {
        Latencies warmUp = new Latencies();
        for (ClientSession each : sessions) {
            each.onLoop(() -> each.startEchoes(EVERY_MILLIS, warmUp));
        }
        TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
        Latencies measured = new Latencies();
        sessions.forEach(each -> each.onLoop(() -> each.recordIn(measured)));
        TimeUnit.SECONDS.sleep(seconds);
        // The last answers come from echoes that are still on their way.
        sessions.forEach(each -> each.onLoop(each::stopEchoes));
        TimeUnit.SECONDS.sleep(1);
        System.out.printf(
                "echoes=%d per_second=%d p50_ms=%.2f p99_ms=%.2f p999_ms=%.2f max_ms=%.2f%n",
                measured.count(),
                measured.count() / seconds,
                measured.millis(0.5),
                measured.millis(0.99),
                measured.millis(0.999),
                measured.millis(1));
    }

    private void download(Destination destination, int seconds) throws InterruptedException {
        sessions.forEach(each -> each.onLoop(() -> each.download(destination)));
        TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
        long[] before = received(ClientSession::downloaded);
        TimeUnit.SECONDS.sleep(seconds);
        long[] after = received(ClientSession::downloaded);
        double sum = 0;
        double squares = 0;
        double least = Double.MAX_VALUE;
        double most = 0;
        for (int i = 0; i < after.length; i++) {
            double bytes = after[i] - before[i];
            sum += bytes;
            squares += bytes * bytes;
            least = Math.min(least, bytes);
            most = Math.max(most, bytes);
        }
        double mean = sum / after.length;
        System.out.printf(
                "MBps=%.1f mean_MB=%.2f least_of_mean=%.2f most_of_mean=%.2f jain=%.4f lost_paths=%d%n",
                sum / 1e6 / seconds,
                mean / 1e6,
                least / mean,
                most / mean,
                sum * sum / (after.length * squares),
                sessions.stream().filter(ClientSession::hasLostPath).count());
    }

    private long[] received(ToLongFunction<ClientSession> what) {
        return sessions.stream().mapToLong(what).toArray();
    }

    private static void acquire(Semaphore free, int permits) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!free.tryAcquire(permits, 100, TimeUnit.MILLISECONDS)) {
            Failures.throwFirst();
            if (System.nanoTime() > end) {
                throw new IllegalStateException("nothing has happened for " + PATIENCE_SECONDS + " s");
            }
        }
    }
}

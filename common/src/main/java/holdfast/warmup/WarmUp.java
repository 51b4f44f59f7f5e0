package holdfast.warmup;

import holdfast.console.FaultPoint;
import holdfast.identity.Identity;
import holdfast.transport.TlsContexts;
import holdfast.transport.TlsEndpoint;
import holdfast.transport.TlsProvider;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a program that is ready play a session with itself, so often that the JVM has linked and compiled what resuming takes before a path is lost for the first time
 * (docs/decisions/0064-warm-up.md).
 */
public final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.warmup");

    /** A method is compiled after ten calls, or the tenth call of its callers; after 27 plays the time for one falls no further. */
    private static final int TIMES = 30;

    /** Programs that are started together get each other ready first. */
    private static final long FIRST_PAUSE_MILLIS = 1_000;

    /** A third of one processor, at most, is taken from those who have real work. */
    private static final int PAUSE_PER_PLAY = 2;

    private WarmUp() {}

    /**
     * Begins, on a thread that keeps nothing alive; it takes two seconds. Whatever fails fails again, and is reported, where it is used. Where a fault point is
     * armed nothing is done: it is meant for real paths.
     */
    public static void begin(TlsProvider provider, Identity own) {
        if (!FaultPoint.ARMED) {
            Thread thread = new FastThreadLocalThread(() -> practise(provider, own), "warm-up");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void practise(TlsProvider provider, Identity own) {
        try (TlsEndpoint gateway = TlsContexts.gateway(provider, own);
                TlsEndpoint client = TlsContexts.client(provider, own, Set.of(own.pin()))) {
            TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE_MILLIS);
            for (int i = 0; i < TIMES; i++) {
                long begun = System.nanoTime();
                new Rehearsal(gateway, client).play();
                TimeUnit.NANOSECONDS.sleep(PAUSE_PER_PLAY * (System.nanoTime() - begun));
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (Exception | LinkageError notHere) {
            LOG.atDebug().addKeyValue("reason", notHere.getMessage()).log("warmup.failed");
        }
    }
}

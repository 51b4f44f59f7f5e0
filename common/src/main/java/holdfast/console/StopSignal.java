package holdfast.console;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a program that is asked to end (SIGTERM, SIGINT, SIGHUP) end in order, and with the exit code it chooses: by itself the JVM would end at
 * once and report the signal.
 */
public final class StopSignal {
    private static final CountDownLatch ASKED = new CountDownLatch(1);
    private static final CountDownLatch ENDED = new CountDownLatch(1);
    private static boolean isOwnProcess;
    private static boolean installed;
    private static volatile int exitCode;
    private static volatile long patience;

    private StopSignal() {}

    /**
     * From now on the program, when asked to end, has the given time to clean up and return from its main; after that it is ended wherever it
     * is. Called first thing, so that a signal during the start is no crash either. Does nothing where the program does not own its process, as
     * in a test.
     *
     * @param patienceMillis time to clean up, in milliseconds
     */
    public static synchronized void install(long patienceMillis) {
        if (isOwnProcess && !installed) {
            installed = true;
            patience = patienceMillis;
            Runtime.getRuntime().addShutdownHook(new Thread(StopSignal::end, "stop"));
        }
    }

    /** Gives the program another time to clean up, in milliseconds. */
    public static void allow(long millis) {
        patience = millis;
    }

    /** Waits until the program is asked to end. */
    public static void await() throws InterruptedException {
        ASKED.await();
    }

    /** Says that the process is the program's own. */
    static synchronized void ownProcess() {
        isOwnProcess = true;
    }

    /** Ends the process with this code, also while it is being ended by a signal. */
    static void exit(int code) {
        exitCode = code;
        ENDED.countDown();
        System.exit(code);
    }

    /** Runs when the JVM is going down, asked by a signal or by {@link #exit}. */
    private static void end() {
        ASKED.countDown();
        try {
            ENDED.await(patience, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // The code of a signal, 128 and its number, is already decided; only halting sets another.
        Runtime.getRuntime().halt(exitCode);
    }
}

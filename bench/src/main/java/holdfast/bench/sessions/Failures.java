package holdfast.bench.sessions;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What went wrong first; a measurement in which anything did has no figures. */
final class Failures {
    private static final Queue<String> ALL = new ConcurrentLinkedQueue<>();

    private Failures() {}

    static void note(String what) {
        ALL.add(what);
    }

    static void throwFirst() {
        String first = ALL.peek();
        if (first != null) {
            throw new IllegalStateException(first);
        }
    }
}

package holdfast.bench.sessions;

import java.util.concurrent.atomic.AtomicReference;

/** What went wrong first; a measurement in which anything did has no figures. */
final class Failures {
    private static final AtomicReference<String> FIRST = new AtomicReference<>();

    private Failures() {}

    static void note(String what) {
        FIRST.compareAndSet(null, what);
    }

    static void throwFirst() {
        String first = FIRST.get();
        if (first != null) {
            throw new IllegalStateException(first);
        }
    }
}

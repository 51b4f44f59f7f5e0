package holdfast.testing;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Every leak that Netty's detector has found in this JVM and no test has answered for yet. */
final class LeakRecord extends ResourceLeakDetectorFactory {
    private static final String CANARY = "canary of the search for leaks, number ";
    private static final long SEARCH_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final Pattern FOREIGN_FRAME =
            Pattern.compile("^\\s(java\\.base/|org\\.junit\\.|org\\.apache\\.maven\\.)");
    private static final LeakRecord INSTANCE = new LeakRecord();

    private final List<String> leaks = new ArrayList<>();
    private int canaries;
    private boolean canaryFound;

    private LeakRecord() {}

    /** Must come before the first buffer: Netty asks for its detectors once. */
    static void install() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(INSTANCE);
    }

    /**
     * The leaks found since the last call, after a search of the whole heap. To know when the search is over, a buffer is leaked on
     * purpose. Twice: the JVM hands over what one collection found in any order, but nothing of the next collection before.
     */
    static List<String> search() {
        boolean found = INSTANCE.collectUntilCanaryIsFound();
        if (!found || !INSTANCE.collectUntilCanaryIsFound()) {
            return List.of("the search for leaks found nothing, not even the buffer that it leaked itself");
        }
        return INSTANCE.take();
    }

    private boolean collectUntilCanaryIsFound() {
        leak(nextCanary());
        long deadline = System.nanoTime() + SEARCH_LIMIT_NANOS;
        while (System.nanoTime() - deadline < 0) {
            System.gc();
            // A detector looks for leaks whenever it begins to track a buffer.
            UnpooledByteBufAllocator.DEFAULT.buffer(1).release();
            if (isCanaryFound()) {
                return true;
            }
        }
        return false;
    }

    /** Nobody releases it: on purpose. */
    private static void leak(String hint) {
        UnpooledByteBufAllocator.DEFAULT.buffer(1).touch(hint);
    }

    /** Numbered, because a detector reports two leaks that look the same once. */
    private synchronized String nextCanary() {
        canaryFound = false;
        canaries++;
        return CANARY + canaries;
    }

    private synchronized boolean isCanaryFound() {
        return canaryFound;
    }

    private synchronized List<String> take() {
        List<String> found = List.copyOf(leaks);
        leaks.clear();
        return found;
    }

    private synchronized void add(String leak) {
        if (leak.contains(CANARY)) {
            canaryFound = true;
        } else {
            leaks.add(withoutForeignFrames(leak));
        }
    }

    private static String withoutForeignFrames(String leak) {
        return leak.lines().filter(line -> !FOREIGN_FRAME.matcher(line).find()).collect(Collectors.joining("\n"));
    }

    @Override
    @SuppressWarnings("deprecation") // the one abstract method is the deprecated one
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
            Class<T> resource, int samplingInterval, long maxActive) {
        return new Detector<>(resource, samplingInterval);
    }

    @Override
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval) {
        return new Detector<>(resource, samplingInterval);
    }

    private final class Detector<T> extends ResourceLeakDetector<T> {
        Detector(Class<?> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            add(resourceType + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            add(resourceType + " (not traced)");
        }
    }
}

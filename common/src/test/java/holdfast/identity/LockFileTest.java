package holdfast.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LockFileTest {
    @TempDir
    Path folder;

    @Test
    void aLockIsHeldOnceAndThenFreeAgain() throws IOException {
        Path file = folder.resolve("lock");

        LockFile first = LockFile.take(file);
        assertThat(LockFile.tryTake(file)).isNull();

        first.close();
        first.close();

        try (LockFile second = LockFile.tryTake(file)) {
            assertThat(second).isNotNull();
            assertThat(LockFile.tryTake(file)).isNull();
        }
    }

    @Test
    void twoNamesOfOneFileAreOneLock() throws IOException {
        try (LockFile first = LockFile.take(folder.resolve("lock"))) {
            assertThat(first).isNotNull();
            assertThat(LockFile.tryTake(folder.resolve("../" + folder.getFileName() + "/lock")))
                    .isNull();
        }
    }

    @Test
    void threadsTakeTurns() throws Exception {
        Path file = folder.resolve("lock");
        int[] count = {0};
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                work.add(threads.submit(() -> {
                    try (LockFile lock = LockFile.take(file)) {
                        count[0] = count[0] + (lock == null ? 0 : 1);
                    }
                    return null;
                }));
            }
            for (Future<?> each : work) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(count[0]).isEqualTo(200);
    }
}

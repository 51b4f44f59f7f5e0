package holdfast.identity;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A lock among all threads of all processes that use a folder. It ends with the process at the latest, however that ends; the empty file stays,
 * since removing it would let two processes lock two files of one name.
 */
public final class LockFile implements AutoCloseable {
    // POSIX drops all of a process's locks on a file when it closes any descriptor of that file: this process may hold
    // only one at a time.
    private static final Map<Path, Semaphore> OF_THIS_PROCESS = new ConcurrentHashMap<>();

    private final Semaphore permit;
    private final FileChannel channel;
    private final AtomicBoolean held = new AtomicBoolean(true);

    private LockFile(Semaphore permit, FileChannel channel) {
        this.permit = permit;
        this.channel = channel;
    }

    /** Waits until nobody else holds the lock. */
    public static LockFile take(Path file) throws IOException {
        Semaphore permit = permit(file);
        permit.acquireUninterruptibly();
        FileChannel channel = null;
        try {
            channel = open(file);
            channel.lock();
            return new LockFile(permit, channel);
        } catch (IOException | RuntimeException e) {
            abandon(permit, channel);
            throw e;
        }
    }

    /** What is done while the lock is held. */
    @FunctionalInterface
    public interface Action<T> {
        T run() throws IOException;
    }

    /** Waits until nobody else holds the lock, and holds it for as long as the action takes. Not for an action that takes it again. */
    public static <T> T holding(Path file, Action<T> action) throws IOException {
        LockFile lock = take(file);
        try {
            return action.run();
        } finally {
            lock.close();
        }
    }

    /** The lock, or null if somebody else holds it now. */
    public static @Nullable LockFile tryTake(Path file) throws IOException {
        Semaphore permit = permit(file);
        if (!permit.tryAcquire()) {
            return null;
        }
        FileChannel channel = null;
        try {
            channel = open(file);
            if (channel.tryLock() != null) {
                return new LockFile(permit, channel);
            }
        } catch (IOException | RuntimeException e) {
            abandon(permit, channel);
            throw e;
        }
        abandon(permit, channel);
        return null;
    }

    /** Gives the lock back; again is harmless. */
    @Override
    public void close() throws IOException {
        if (!held.getAndSet(false)) {
            return;
        }
        try {
            channel.close();
        } finally {
            permit.release();
        }
    }

    private static Semaphore permit(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " is not a file in a folder");
        }
        return OF_THIS_PROCESS.computeIfAbsent(folder.toRealPath().resolve(file.getFileName()), f -> new Semaphore(1));
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE), PrivateFiles.fileAttributes(file));
    }

    private static void abandon(Semaphore permit, @Nullable FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            permit.release();
        }
    }
}

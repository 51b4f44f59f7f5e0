package holdfast.client.config;

import holdfast.client.session.SessionMemory;
import holdfast.identity.PrivateFiles;
import holdfast.protocol.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the running session in a file of the home folder, in hex. It is written on a thread of its own, since the event loop asks for it. That
 * it cannot be written is no reason to stop: then the gateway holds a dead session until its time is up.
 */
public final class SessionFile implements SessionMemory, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.session");
    private static final int FILE_LIMIT = 1024;

    private final Path file;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "session-file");
        thread.setDaemon(true);
        return thread;
    });

    public SessionFile(Path file) {
        this.file = file;
    }

    /** Reads the file, at once; a damaged one is as good as none. */
    @Override
    public Optional<SessionId> previous() {
        try {
            String hex = PrivateFiles.read(file, FILE_LIMIT).strip();
            return Optional.of(SessionId.of(HexFormat.of().parseHex(hex)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("reason", e.getMessage())
                    .log("session.file-ignored");
            return Optional.empty();
        }
    }

    @Override
    public void remember(SessionId id) {
        String hex = HexFormat.of().formatHex(id.toBytes());
        later(() -> PrivateFiles.write(file, hex + "\n"));
    }

    @Override
    public void forget() {
        later(() -> Files.deleteIfExists(file));
    }

    /** Waits, for at most a second, until the file says what was asked for last. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            boolean done = writer.awaitTermination(1, TimeUnit.SECONDS);
            LOG.atDebug().addKeyValue("done", done).log("session.file-closed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface FileWork {
        void run() throws IOException;
    }

    private void later(FileWork work) {
        try {
            writer.execute(() -> {
                try {
                    work.run();
                } catch (IOException e) {
                    LOG.atWarn().addKeyValue("reason", e.getMessage()).log("session.file-not-written");
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.atDebug().log("session.file-closed-already");
        }
    }
}

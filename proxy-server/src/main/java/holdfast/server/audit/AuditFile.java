package holdfast.server.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The file that audit lines go to, readable by its owner only, exchanged for a new one when it is long. One thread. */
final class AuditFile implements AutoCloseable {
    private static final Set<StandardOpenOption> APPEND =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

    private final Path file;
    private final long maxSize;
    private final int keep;
    private @Nullable FileChannel channel;

    AuditFile(AuditSettings settings, Path file) {
        this.file = file;
        this.maxSize = settings.maxSize();
        this.keep = settings.keep();
    }

    /** Appends whole lines: all of them or, where that fails, as far as possible none, so that half a line never stands before the next. */
    void append(String lines) throws IOException {
        FileChannel out = open();
        ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8));
        long before = out.size();
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (IOException e) {
            takeBack(out, before);
            throw e;
        }
        if (out.size() >= maxSize && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            rotate();
        }
    }

    @Override
    public void close() {
        FileChannel out = channel;
        channel = null;
        if (out != null) {
            try {
                out.close();
            } catch (IOException e) {
                // Everything was written before; there is nothing left to lose.
            }
        }
    }

    private FileChannel open() throws IOException {
        FileChannel out = channel;
        if (out == null) {
            out = FileChannel.open(file, APPEND, forOwnerOnly());
            channel = out;
        }
        return out;
    }

    private void rotate() throws IOException {
        close();
        for (int i = keep; i >= 1; i--) {
            Path older = numbered(i);
            Path newer = i == 1 ? file : numbered(i - 1);
            if (Files.exists(newer)) {
                Files.move(newer, older, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (keep == 0) {
            Files.deleteIfExists(file);
        }
    }

    private Path numbered(int i) {
        return Path.of(file + "." + i);
    }

    private static void takeBack(FileChannel out, long size) {
        try {
            out.truncate(size);
        } catch (IOException e) {
            // Not a file that can be cut: then half a line stands there.
        }
    }

    private FileAttribute<?>[] forOwnerOnly() {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}

package holdfast.itest.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of what is too long to be kept; as hex, the way {@code sha256sum} prints it. */
public final class Sha256 {
    private static final int BLOCK = 64 * 1024;

    private Sha256() {}

    /** Reads to the end. */
    public static String of(InputStream bytes) throws IOException {
        Sink sink = new Sink();
        byte[] block = new byte[BLOCK];
        for (int size = bytes.read(block); size >= 0; size = bytes.read(block)) {
            sink.write(block, 0, size);
        }
        return sink.hex();
    }

    public static String of(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            return of(bytes);
        }
    }

    /** Digests what is written to it, and counts it. */
    public static final class Sink extends OutputStream {
        private final MessageDigest digest = newDigest();
        private final OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest);
        private long length;

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            length++;
        }

        @Override
        public void write(byte[] bytes, int start, int size) throws IOException {
            out.write(bytes, start, size);
            length += size;
        }

        public long length() {
            return length;
        }

        /** The digest of everything written; to be asked once, at the end. */
        public String hex() {
            return HexFormat.of().formatHex(digest.digest());
        }
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}

package holdfast.itest.harness;

import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Endless bytes that are known at every offset. They repeat every 1 048 573 bytes, a prime number, so that a piece that was lost, doubled or swapped does
 * not fit where it arrives; the seed tells streams apart.
 */
public final class Pattern {
    /** The most bytes that {@link #at} gives at once. */
    public static final int CHUNK = 256 * 1024;

    private static final int PERIOD = 1_048_573;
    private static final ByteBuffer BYTES = make();

    private Pattern() {}

    /** The bytes of this stream from an offset on, {@code length} of them but at most {@link #CHUNK}; a view that can only be read. */
    public static ByteBuffer at(long seed, long offset, long length) {
        int start = (int) Math.floorMod(seed + offset, (long) PERIOD);
        return BYTES.slice(start, (int) Math.min(CHUNK, length));
    }

    /**
     * Compares bytes with those of the stream at an offset.
     *
     * @throws AssertionError at the first wrong byte
     */
    public static void check(long seed, long offset, ByteBuffer bytes) {
        long at = offset;
        while (bytes.hasRemaining()) {
            ByteBuffer expected = at(seed, at, bytes.remaining());
            ByteBuffer piece = bytes.slice(bytes.position(), expected.remaining());
            int wrong = expected.mismatch(piece);
            if (wrong >= 0) {
                throw new AssertionError("WRONG BYTE at offset " + (at + wrong) + " of the stream with seed " + seed);
            }
            bytes.position(bytes.position() + piece.remaining());
            at += piece.remaining();
        }
    }

    /** The first {@code length} bytes of a stream. */
    public static byte[] bytes(long seed, int length) {
        byte[] all = new byte[length];
        for (int done = 0; done < length; ) {
            ByteBuffer piece = at(seed, done, length - done);
            int size = piece.remaining();
            piece.get(all, done, size);
            done += size;
        }
        return all;
    }

    /** The first {@code length} bytes of a stream, to be read. */
    public static InputStream stream(long seed, long length) {
        return new PatternInputStream(seed, length);
    }

    private static ByteBuffer make() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(PERIOD + CHUNK);
        long x = 88_172_645_463_325_252L;
        for (int i = 0; i < PERIOD; i++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
            bytes.put(i, (byte) (x >>> 24));
        }
        bytes.put(PERIOD, bytes, 0, CHUNK);
        return bytes.asReadOnlyBuffer();
    }
}

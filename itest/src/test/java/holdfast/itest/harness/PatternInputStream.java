package holdfast.itest.harness;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** A stream of {@link Pattern} bytes as something to read, of any length. */
final class PatternInputStream extends InputStream {
    private final long seed;
    private final long length;
    private long offset;

    PatternInputStream(long seed, long length) {
        this.seed = seed;
        this.length = length;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int start, int most) {
        if (offset == length) {
            return -1;
        }
        ByteBuffer piece = Pattern.at(seed, offset, Math.min(most, length - offset));
        int size = piece.remaining();
        piece.get(into, start, size);
        offset += size;
        return size;
    }
}

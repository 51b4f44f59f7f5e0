package holdfast.simulation;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;

/** What is written on a stream: a byte tells by its neighbours where it belongs. */
final class Bytes {
    private static final int PERIOD = 65_521;
    private static final byte[] TABLE = table();

    private Bytes() {}

    static ByteBuf of(ByteBufAllocator allocator, long stream, int direction, long offset, int length) {
        ByteBuf bytes = allocator.buffer(length, length);
        while (bytes.isWritable()) {
            int start = start(stream, direction, offset + bytes.writerIndex());
            bytes.writeBytes(TABLE, start, Math.min(PERIOD, bytes.writableBytes()));
        }
        return bytes;
    }

    /** Borrows {@code bytes}. */
    static boolean match(ByteBuf bytes, long stream, int direction, long offset) {
        int checked = 0;
        int length = bytes.readableBytes();
        while (checked < length) {
            int start = start(stream, direction, offset + checked);
            int part = Math.min(PERIOD, length - checked);
            if (!isEqual(bytes, bytes.readerIndex() + checked, start, part)) {
                return false;
            }
            checked += part;
        }
        return true;
    }

    private static boolean isEqual(ByteBuf bytes, int at, int start, int length) {
        if (bytes.hasArray()) {
            int from = bytes.arrayOffset() + at;
            return Arrays.equals(bytes.array(), from, from + length, TABLE, start, start + length);
        }
        for (int i = 0; i < length; i++) {
            if (bytes.getByte(at + i) != TABLE[start + i]) {
                return false;
            }
        }
        return true;
    }

    private static int start(long stream, int direction, long offset) {
        return (int) ((offset + (2 * stream + direction) * 7_919) % PERIOD);
    }

    private static byte[] table() {
        byte[] once = new byte[PERIOD];
        new Dice(1).fill(once);
        byte[] twice = Arrays.copyOf(once, 2 * PERIOD);
        System.arraycopy(once, 0, twice, PERIOD, PERIOD);
        return twice;
    }
}

package holdfast.bench.sessions;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** What the destination is asked for, one byte, and the bytes that it sends. */
final class Request {
    static final byte ECHO = 'e';
    static final byte DOWNLOAD = 'd';

    /** The pattern repeats after so many bytes, which no size of a piece or a frame divides. */
    static final int PERIOD = 1_048_573;

    private Request() {}

    /** Gives ownership. */
    static ByteBuf of(byte what, ByteBufAllocator allocator) {
        return allocator.directBuffer(1).writeByte(what);
    }

    /** The pattern, once and so many bytes more. Gives ownership. */
    static ByteBuf pattern(ByteBufAllocator allocator, int more) {
        ByteBuf pattern = allocator.directBuffer(PERIOD + more);
        long x = 88_172_645_463_325_252L;
        for (int i = 0; i < PERIOD; i++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
            pattern.writeByte((int) (x >>> 24));
        }
        return pattern.writeBytes(pattern, 0, more);
    }
}

package holdfast.stream;

import io.netty.buffer.ByteBuf;

/**
 * Bytes of a stream that were put on a path: what a replay log holds for them. The same chunk may be in several logs at once; the first
 * acknowledgement settles it.
 */
public final class Chunk {
    final long offset;
    final boolean fin;
    final int length;
    private final ByteBuf data;

    /** How many logs hold it. */
    int copies;

    boolean settled;
    boolean waiting;

    /** Takes ownership of {@code data}. */
    Chunk(long offset, ByteBuf data, boolean fin) {
        this.offset = offset;
        this.length = data.readableBytes();
        this.data = data;
        this.fin = fin;
    }

    public long offset() {
        return offset;
    }

    public boolean fin() {
        return fin;
    }

    public int length() {
        return length;
    }

    /** Whether it needs no further sending: it was acknowledged, or its half was abandoned. */
    public boolean isSettled() {
        return settled;
    }

    /** The bytes, lent: valid until the chunk is settled. */
    public ByteBuf data() {
        return data;
    }

    void settle() {
        settled = true;
        data.release();
    }
}

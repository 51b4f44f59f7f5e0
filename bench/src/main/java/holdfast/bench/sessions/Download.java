package holdfast.bench.sessions;

import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;

/** A stream that brings bytes without end, as fast as they come; each is checked. */
final class Download implements StreamListener {
    private final StreamHandle stream;
    private final ByteBuf pattern;
    private long total;
    private volatile long received;

    /** Borrows the pattern, once and at least as many bytes more as a frame holds, for as long as it lives. */
    Download(StreamHandle stream, ByteBufAllocator allocator, ByteBuf pattern) {
        this.stream = stream;
        this.pattern = pattern;
        stream.listen(this);
        stream.write(Request.of(Request.DOWNLOAD, allocator));
    }

    /** Bytes so far; any thread. */
    long received() {
        return received;
    }

    @Override
    public void onReadable() {
        for (ByteBuf bytes = stream.read(); bytes != null; bytes = stream.read()) {
            int length = bytes.readableBytes();
            int place = (int) (total % Request.PERIOD);
            if (!ByteBufUtil.equals(pattern, place, bytes, bytes.readerIndex(), length)) {
                Failures.note("a download has a wrong byte");
            }
            bytes.release();
            total += length;
            received = total;
            stream.consumed(length);
        }
        if (stream.isEndOfStream()) {
            Failures.note("a download ended");
        }
    }

    @Override
    public void onRejected(ErrorCode code, String text) {
        Failures.note("a download was refused: " + code + " " + text);
    }

    @Override
    public void onWritable() {}

    @Override
    public void onStopped(ErrorCode code) {
        Failures.note("a download was stopped: " + code);
    }

    @Override
    public void onReset(ErrorCode code) {
        Failures.note("a download was reset: " + code);
    }
}

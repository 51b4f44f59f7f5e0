package holdfast.bench.sessions;

import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** A stream to a destination that sends back what it gets; one message at a time. */
final class EchoStream implements StreamListener {
    private static final int LENGTH = 64;

    private final StreamHandle stream;
    private final ByteBufAllocator allocator;
    private final Runnable opened;
    private @Nullable Latencies latencies;
    private long sequence;
    private long sentAt;
    private int missing;

    /** Asks for echoes; {@code opened} runs when the destination is reached. */
    EchoStream(StreamHandle stream, ByteBufAllocator allocator, Runnable opened) {
        this.stream = stream;
        this.allocator = allocator;
        this.opened = opened;
        stream.listen(this);
        stream.write(Request.of(Request.ECHO, allocator));
    }

    void recordIn(Latencies measured) {
        latencies = measured;
    }

    /** Sends the next message, unless the answer to the last is missing: then that one is late enough by itself. */
    void send() {
        if (missing > 0) {
            return;
        }
        sequence++;
        missing = LENGTH;
        sentAt = System.nanoTime();
        ByteBuf message = allocator.directBuffer(LENGTH);
        while (message.readableBytes() < LENGTH) {
            message.writeLong(sequence);
        }
        stream.write(message);
    }

    @Override
    public void onReadable() {
        for (ByteBuf bytes = stream.read(); bytes != null; bytes = stream.read()) {
            take(bytes);
        }
        if (stream.isEndOfStream()) {
            Failures.note("an echo stream ended");
        }
    }

    /** Takes ownership. */
    private void take(ByteBuf bytes) {
        int length = bytes.readableBytes();
        if (length > missing) {
            Failures.note(length + " bytes came where " + missing + " were missing");
        }
        for (int i = 0; i < length; i++) {
            int place = LENGTH - missing + i;
            if (bytes.getByte(bytes.readerIndex() + i) != (byte) (sequence >>> (8 * (7 - place % 8)))) {
                Failures.note("an echo has a wrong byte");
            }
        }
        bytes.release();
        stream.consumed(length);
        missing -= length;
        if (missing == 0 && latencies != null) {
            latencies.add(System.nanoTime() - sentAt);
        }
    }

    @Override
    public void onAccepted(Destination bound) {
        opened.run();
    }

    @Override
    public void onRejected(ErrorCode code, String text) {
        Failures.note("an echo stream was refused: " + code + " " + text);
    }

    @Override
    public void onWritable() {}

    @Override
    public void onStopped(ErrorCode code) {
        Failures.note("an echo stream was stopped: " + code);
    }

    @Override
    public void onReset(ErrorCode code) {
        Failures.note("an echo stream was reset: " + code);
    }
}

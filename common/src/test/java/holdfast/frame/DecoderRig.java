package holdfast.frame;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** A decoder and an allocator that knows what was not given back. */
final class DecoderRig implements AutoCloseable {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    private final FrameDecoder decoder = new FrameDecoder(allocator);
    private final List<Frame> frames = new ArrayList<>();

    /** All frames that these bytes, which arrive in one read, complete. The rig releases them when it is closed. */
    List<Frame> feed(byte[] bytes) throws ProtocolException {
        ByteBuf in = allocator.buffer(Math.max(1, bytes.length)).writeBytes(bytes);
        List<Frame> found = new ArrayList<>();
        try {
            for (Frame frame = decoder.decode(in); frame != null; frame = decoder.decode(in)) {
                found.add(frame);
                frames.add(frame);
            }
            assertThat(in.isReadable()).as("bytes that the decoder left unread").isFalse();
        } finally {
            in.release();
        }
        return found;
    }

    /** The same, where a refusal is fine too. Returns whether there was none. */
    boolean feedOrRefuse(byte[] bytes) {
        try {
            feed(bytes);
            return true;
        } catch (ProtocolException e) {
            assertThat(e.scope()).isEqualTo(ProtocolException.Scope.SESSION);
            return false;
        }
    }

    /** Bytes of buffers that are in use. */
    long held() {
        return allocator.metric().usedHeapMemory();
    }

    @Override
    public void close() {
        frames.forEach(Frame::release);
        decoder.close();
        assertThat(held()).as("bytes of buffers that were not given back").isZero();
    }
}

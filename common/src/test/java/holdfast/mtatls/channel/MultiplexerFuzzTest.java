package holdfast.mtatls.channel;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.mtatls.message.Message;
import holdfast.mtatls.message.MessageDecoder;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import holdfast.protocol.Role;
import holdfast.testing.FuzzSeeds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Whatever messages come, they are taken or end the connection, within its memory, and each is written as it was read. The first byte says which end is attacked,
 * and what it does with what it is asked and sent.
 */
final class MultiplexerFuzzTest {
    private static final long MOST_MEMORY = 8 * 1024 * 1024;
    private static final Destination DESTINATION = Destination.parse("a.example:80");

    @ParameterizedTest
    @FuzzSeeds
    void anyMessagesAreTakenOrEndTheConnection(byte[] data) {
        fuzzerTestOneInput(data);
    }

    /** For {@code scripts/fuzz}. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
        Multiplexer attacked = new Multiplexer((data[0] & 1) == 0 ? Role.CLIENT : Role.GATEWAY);
        for (int i = (data[0] >> 1) & 3; i > 0; i--) {
            MtaChannel asked = Objects.requireNonNull(attacked.open(DESTINATION));
            attacked.write(asked, allocator.buffer(8).writeLong(i));
        }
        ByteBuf in = allocator.buffer(data.length).writeBytes(data, 1, data.length - 1);
        try {
            for (Message each = next(in); each != null; each = next(in)) {
                attacked.handle(each);
                answer(attacked, data[0], allocator);
                assertThat(held(allocator)).isLessThan(MOST_MEMORY);
            }
        } catch (ProtocolException e) {
            assertThat(e.scope()).isEqualTo(ProtocolException.Scope.SESSION);
        }
        in.release();
        attacked.end();
        while (attacked.pollEvent() != null) {
            // Nothing of what is told may hold a buffer.
        }
        assertThat(held(allocator))
                .as("bytes of buffers that were not given back")
                .isZero();
    }

    private static @Nullable Message next(ByteBuf in) throws ProtocolException {
        int start = in.readerIndex();
        Message message = MessageDecoder.decode(in);
        if (message != null) {
            ByteBuf again = in.alloc().heapBuffer(message.size());
            message.write(again);
            boolean same = ByteBufUtil.equals(again, in.slice(start, in.readerIndex() - start));
            again.release();
            if (!same) {
                message.release();
            }
            assertThat(same).as("%s is written as it was read", message).isTrue();
        }
        return message;
    }

    private static void answer(Multiplexer attacked, int how, UnpooledByteBufAllocator allocator)
            throws ProtocolException {
        for (ChannelEvent event = attacked.pollEvent(); event != null; event = attacked.pollEvent()) {
            MtaChannel channel = event.channel();
            if (event instanceof ChannelEvent.Requested && (how & 8) == 0) {
                attacked.accept(channel);
                attacked.write(channel, allocator.buffer(100).writeZero(100));
            } else if (event instanceof ChannelEvent.Requested) {
                attacked.reject(channel, ErrorCode.NOT_ALLOWED, "no");
            } else if (event instanceof ChannelEvent.Arrived && (how & 16) == 0) {
                for (ByteBuf bytes = attacked.read(channel); bytes != null; bytes = attacked.read(channel)) {
                    attacked.consumed(channel, bytes.readableBytes());
                    bytes.release();
                }
            } else if (event instanceof ChannelEvent.Arrived && (how & 32) == 0) {
                attacked.finish(channel);
            } else if (event instanceof ChannelEvent.Arrived) {
                attacked.reset(channel);
            }
        }
        ByteBuf out = allocator.heapBuffer();
        attacked.fill(out, 65536);
        out.release();
    }

    private static long held(UnpooledByteBufAllocator allocator) {
        return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    }
}

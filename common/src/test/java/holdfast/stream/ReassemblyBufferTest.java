package holdfast.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ReassemblyBufferTest {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    private final GapBudget gaps = new GapBudget(1000);

    @Test
    void piecesInAnyOrderAndAnyOverlapComeOutAsTheBytesThatWereSent() throws ProtocolException {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            byte[] sent = new byte[1 + random.nextInt(20_000)];
            random.nextBytes(sent);
            boolean[] arrived = new boolean[sent.length];
            ReassemblyBuffer buffer = new ReassemblyBuffer(allocator, gaps);
            ByteArrayOutputStream read = new ByteArrayOutputStream();

            while (read.size() < sent.length) {
                int start = random.nextInt(sent.length);
                int longest = 1 + random.nextInt(random.nextBoolean() ? 10 : 8_000);
                int end = Math.min(sent.length, start + random.nextInt(longest + 1));
                if (random.nextInt(4) == 0) {
                    start = (int) Math.min(start, buffer.orderedEnd());
                }
                buffer.add(start, slice(sent, start, end));
                Arrays.fill(arrived, start, Math.max(start, end), true);
                require(buffer, arrived, read.size(), seed);
                if (random.nextBoolean()) {
                    read(buffer, read);
                }
            }

            assertThat(read.toByteArray()).as("seed " + seed).isEqualTo(sent);
            buffer.clear();
            assertThat(gaps.used()).isZero();
            assertThat(allocator.metric().usedHeapMemory()).isZero();
        }
    }

    @Test
    void aPieceWithinWhatIsThereIsDropped() throws ProtocolException {
        ReassemblyBuffer buffer = new ReassemblyBuffer(allocator, gaps);
        buffer.add(10, zeros(100));
        long before = allocator.metric().usedHeapMemory();

        buffer.add(10, zeros(100));
        buffer.add(20, zeros(5));
        buffer.add(109, zeros(1));

        assertThat(allocator.metric().usedHeapMemory()).isEqualTo(before);
        assertThat(buffer.gaps()).isEqualTo(1);
        buffer.clear();
    }

    @Test
    void piecesThatTouchAreOneRun() throws ProtocolException {
        ReassemblyBuffer buffer = new ReassemblyBuffer(allocator, gaps);

        buffer.add(10, zeros(10));
        buffer.add(30, zeros(10));
        assertThat(buffer.gaps()).isEqualTo(2);
        buffer.add(20, zeros(10));
        assertThat(buffer.gaps()).isEqualTo(1);
        buffer.add(0, zeros(10));
        assertThat(buffer.gaps()).isZero();

        assertThat(buffer.orderedEnd()).isEqualTo(40);
        buffer.clear();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @Test
    void tooManyGapsAreRefusedAndNothingIsLeftBehind() throws ProtocolException {
        ReassemblyBuffer buffer = new ReassemblyBuffer(allocator, gaps);
        for (int i = 0; i < 1000; i++) {
            buffer.add(2L * i + 1, zeros(1));
        }

        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> buffer.add(3000, zeros(1)))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.FLOW_CONTROL_VIOLATION));

        buffer.clear();
        assertThat(gaps.used()).isZero();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    private static void require(ReassemblyBuffer buffer, boolean[] arrived, int read, int seed) {
        int ordered = 0;
        while (ordered < arrived.length && arrived[ordered]) {
            ordered++;
        }
        int runs = 0;
        int bytes = ordered - read;
        for (int i = ordered + 1; i < arrived.length; i++) {
            bytes += arrived[i] ? 1 : 0;
            runs += arrived[i] && !arrived[i - 1] ? 1 : 0;
        }
        assertThat(buffer.orderedEnd()).as("seed " + seed).isEqualTo(ordered);
        assertThat(buffer.gaps()).as("seed " + seed).isEqualTo(runs);
        assertThat(buffer.bytes()).as("seed " + seed).isEqualTo(bytes);
    }

    private static void read(ReassemblyBuffer buffer, ByteArrayOutputStream read) {
        for (ByteBuf each = buffer.read(); each != null; each = buffer.read()) {
            byte[] bytes = new byte[each.readableBytes()];
            each.readBytes(bytes);
            each.release();
            read.writeBytes(bytes);
        }
    }

    private ByteBuf slice(byte[] sent, int start, int end) {
        int length = Math.max(0, end - start);
        return allocator.buffer(Math.max(1, length)).writeBytes(sent, start, length);
    }

    private ByteBuf zeros(int length) {
        return allocator.buffer(length).writeZero(length);
    }
}

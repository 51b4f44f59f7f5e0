package holdfast.bench;

import holdfast.frame.Data;
import holdfast.frame.Frame;
import holdfast.frame.FrameDecoder;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A flight of DATA frames, 64 KiB at most, written into one buffer and decoded out of it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FrameBenchmark {
    private static final int FLIGHT = 4 * Frame.MAX_LENGTH;

    @Param({"100", "1400", "16364", "65516"})
    public int payload;

    private final PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    private final FrameDecoder decoder = new FrameDecoder(allocator);
    private ByteBuf bytes = allocator.directBuffer(0);
    private ByteBuf flight = allocator.directBuffer(0);

    @Setup
    public void fill() {
        bytes = allocator.directBuffer(payload).writeZero(payload);
        flight = encode();
    }

    @TearDown
    public void release() {
        bytes.release();
        flight.release();
        decoder.close();
    }

    @Benchmark
    public int write() {
        ByteBuf out = encode();
        int length = out.readableBytes();
        out.release();
        return length;
    }

    @Benchmark
    public int decode() throws ProtocolException {
        ByteBuf in = flight.duplicate();
        int frames = 0;
        for (Frame frame = decoder.decode(in); frame != null; frame = decoder.decode(in)) {
            frame.release();
            frames++;
        }
        return frames;
    }

    private ByteBuf encode() {
        ByteBuf out = allocator.directBuffer(FLIGHT, FLIGHT);
        long offset = 1 << 30;
        while (out.writableBytes() >= payload + Data.MAX_OVERHEAD) {
            new Data(7, offset, false, bytes).write(out);
            offset += payload;
        }
        return out;
    }
}

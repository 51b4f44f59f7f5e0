package holdfast.bench;

import holdfast.frame.Frame;
import holdfast.frame.Hello;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.PathStanding;
import holdfast.protocol.ProtocolException;
import holdfast.protocol.SessionId;
import holdfast.protocol.SessionRandom;
import holdfast.session.Session;
import holdfast.session.SessionConfig;
import holdfast.session.SessionEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.Optional;
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

/** One turn of two sessions in memory: every stream writes 1 400 bytes, the scheduler lets them leave, the other end reads and acknowledges them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SchedulerBenchmark {
    private static final int PIECE = 1400;
    private static final long TURN = 1_000_000;

    @Param({"1", "32", "512"})
    public int streams;

    private final PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    private final SessionRandom random = SessionRandom.of(new byte[SessionRandom.LENGTH]);
    private long now = 1_000 * TURN;
    private final Session client = Session.client(SessionConfig.forClient(), allocator, random, Optional.empty(), now);
    private final Session gateway = Session.gateway(
            SessionConfig.forGateway(), allocator, SessionId.of(new byte[SessionId.LENGTH]), random, List.of(), now);
    private long[] ids = {};
    private ByteBuf piece = allocator.directBuffer(0);

    @Setup
    public void connect() throws ProtocolException {
        piece = allocator.directBuffer(PIECE).writeZero(PIECE);
        long path = client.startPath(PathStanding.ACTIVE, now);
        Frame hello = client.pollFrame(path, now);
        if (!(hello instanceof Hello first)) {
            throw new IllegalStateException("a session does not begin with " + hello);
        }
        gateway.handleHello(first, first.length(), now);
        ids = new long[streams];
        for (int i = 0; i < streams; i++) {
            ids[i] = client.open(OpenRequest.tcp(Destination.parse("192.0.2.1:80")), now);
        }
        exchange();
    }

    @TearDown
    public void end() {
        client.close(ErrorCode.NONE, "", now);
        client.dispose();
        gateway.dispose();
        piece.release();
    }

    @Benchmark
    public void turn() {
        for (long each : ids) {
            client.write(each, piece.retainedDuplicate(), now);
        }
        exchange();
    }

    /** Time passes after each way, so that acknowledgements fall due. */
    private void exchange() {
        boolean moved = true;
        while (moved) {
            boolean there = move(client, gateway);
            boolean back = move(gateway, client);
            moved = there || back;
            now += 11 * TURN;
        }
    }

    private boolean move(Session from, Session to) {
        int bytes = 0;
        for (Frame frame = from.pollFrame(0, now); frame != null; frame = from.pollFrame(0, now)) {
            bytes += frame.length();
            to.handleFrame(0, frame, now);
        }
        to.handleBytes(0, bytes, now);
        for (SessionEvent event = to.pollEvent(); event != null; event = to.pollEvent()) {
            if (event instanceof SessionEvent.StreamReadable readable) {
                read(to, readable.stream());
            }
        }
        return bytes > 0;
    }

    private void read(Session session, long stream) {
        for (ByteBuf data = session.read(stream); data != null; data = session.read(stream)) {
            int length = data.readableBytes();
            data.release();
            session.consumed(stream, length, now);
        }
    }
}

package holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.frame.Frame;
import holdfast.frame.FrameDecoder;
import holdfast.frame.Hello;
import holdfast.frame.Join;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.PathStanding;
import holdfast.protocol.ProtocolException;
import holdfast.protocol.SessionId;
import holdfast.protocol.SessionRandom;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A client's session and a gateway's, with paths on which a test moves frames by hand. Time stands still unless a test lets it pass; a frame takes
 * none. At the end nothing may be left unreleased.
 */
final class Pair implements AutoCloseable {
    static final long MILLIS = 1_000_000;
    static final long SECOND = 1000 * MILLIS;
    static final Destination BOUND = Destination.parse("192.0.2.1:80");

    /** The two directions of one path: what was sent and has not arrived. */
    private static final class Lines {
        final List<Frame> up = new ArrayList<>();
        final List<Frame> down = new ArrayList<>();
    }

    final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    final Session client;
    final Session gateway;
    final List<SessionEvent> clientEvents = new ArrayList<>();
    final List<SessionEvent> gatewayEvents = new ArrayList<>();
    long now = 1000 * SECOND;
    private final Map<Long, Lines> paths = new TreeMap<>();

    Pair() {
        this(SessionConfig.forClient(), SessionConfig.forGateway());
    }

    Pair(SessionConfig clientConfig, SessionConfig gatewayConfig) {
        client = Session.client(
                clientConfig, allocator, SessionRandom.of(new byte[SessionRandom.LENGTH]), Optional.empty(), now);
        gateway = Session.gateway(
                gatewayConfig,
                allocator,
                SessionId.of(new byte[SessionId.LENGTH]),
                SessionRandom.of(new byte[SessionRandom.LENGTH]),
                List.of("g:1"),
                now);
    }

    /** Limits as small as they may be. */
    static final SessionConfig SMALL = new SessionConfig(
            256 * 1024,
            1024 * 1024,
            1024 * 1024,
            4 * 1024 * 1024,
            1024 * 1024,
            64 * 1024,
            256 * 1024,
            256 * 1024,
            1024,
            8,
            60 * SECOND);

    /** A session with one path that is up, and nothing on its way. */
    static Pair connected() {
        return connected(SessionConfig.forClient());
    }

    static Pair connected(SessionConfig config) {
        Pair pair = new Pair(config, config);
        pair.startPath();
        pair.exchange();
        return pair;
    }

    // Paths.

    long startPath() {
        return startPath(PathStanding.ACTIVE);
    }

    long startPath(PathStanding standing) {
        long path = client.startPath(standing, now);
        paths.put(path, new Lines());
        return path;
    }

    /** Both ends are told that the path is gone; what was on its way is lost. */
    void lose(long path) {
        drop(path);
        client.handlePathDown(path, ErrorCode.PATH_LOST, "lost", now);
        gateway.handlePathDown(path, ErrorCode.PATH_LOST, "lost", now);
        tell();
    }

    /** What is on its way is lost, and nobody is told; nothing may be sent on the path from now on. */
    void drop(long path) {
        Lines lines = paths.remove(path);
        if (lines != null) {
            lines.up.forEach(Frame::release);
            lines.down.forEach(Frame::release);
        }
    }

    // Frames.

    /** Everything both ends have to say to each other is said, on all paths. */
    void exchange() {
        boolean any = true;
        for (int rounds = 0; any; rounds++) {
            assertThat(rounds).as("rounds of frames without time passing").isLessThan(10_000);
            any = false;
            for (long path : List.copyOf(paths.keySet())) {
                any |= up(path);
                any |= down(path);
            }
        }
    }

    /** The client's frames of one path leave and arrive. Returns whether there were any. */
    boolean up(long path) {
        sendUp(path);
        Lines lines = paths.get(path);
        return lines != null && deliver(path, gateway, lines.up);
    }

    boolean down(long path) {
        sendDown(path);
        Lines lines = paths.get(path);
        return lines != null && deliver(path, client, lines.down);
    }

    /** What is on its way to the client arrives; its events stay where they are. */
    void downQuietly(long path) {
        deliver(path, client, Objects.requireNonNull(paths.get(path)).down, false);
    }

    /** The client's frames of one path leave, and stay on their way. */
    List<Frame> sendUp(long path) {
        return send(client, path, paths.computeIfAbsent(path, id -> new Lines()).up);
    }

    List<Frame> sendDown(long path) {
        return send(gateway, path, paths.computeIfAbsent(path, id -> new Lines()).down);
    }

    private List<Frame> send(Session from, long path, List<Frame> line) {
        List<Frame> sent = new ArrayList<>();
        for (Frame each = from.pollFrame(path, now); each != null; each = from.pollFrame(path, now)) {
            sent.add(each);
        }
        line.addAll(sent);
        return sent;
    }

    private boolean deliver(long path, Session to, List<Frame> line) {
        return deliver(path, to, line, true);
    }

    private boolean deliver(long path, Session to, List<Frame> line, boolean tells) {
        if (line.isEmpty()) {
            return false;
        }
        List<Frame> arriving = List.copyOf(line);
        line.clear();
        for (Frame each : arriving) {
            Frame decoded = overTheWire(each);
            int length = each.length();
            each.release();
            if (to == gateway && decoded instanceof Hello hello) {
                assertAccepted(() -> gateway.handleHello(hello, length, now));
            } else if (to == gateway && decoded instanceof Join join) {
                assertAccepted(() -> gateway.handleJoin(join, length, now));
            } else {
                to.handleFrame(path, decoded, now);
                to.handleBytes(path, length, now);
            }
        }
        if (tells) {
            tell();
        }
        return true;
    }

    private Frame overTheWire(Frame frame) {
        ByteBuf bytes = allocator.buffer();
        frame.write(bytes);
        FrameDecoder decoder = new FrameDecoder(allocator);
        try {
            Frame decoded = decoder.decode(bytes);
            assertThat(bytes.isReadable()).isFalse();
            return Objects.requireNonNull(decoded);
        } catch (ProtocolException e) {
            throw new AssertionError(e);
        } finally {
            decoder.close();
            bytes.release();
        }
    }

    private interface Joining {
        void run() throws ProtocolException;
    }

    private static void assertAccepted(Joining joining) {
        try {
            joining.run();
        } catch (ProtocolException e) {
            throw new AssertionError("refused: " + e.getMessage(), e);
        }
    }

    // Time.

    /** Time passes with the frames exchanged and timers kept at both ends. */
    void pass(long nanos) {
        long end = now + nanos;
        exchange();
        while (true) {
            long next = Math.min(client.nextTimeout(), gateway.nextTimeout());
            if (next > end) {
                break;
            }
            now = Math.max(now, next);
            timeOut();
            exchange();
        }
        now = end;
    }

    /** Time passes, timers are kept, nothing arrives. */
    void passInSilence(long nanos) {
        long end = now + nanos;
        for (int timers = 0; ; timers++) {
            assertThat(timers)
                    .as("timers in " + nanos / MILLIS + " ms of silence")
                    .isLessThan(10_000);
            paths.keySet().forEach(each -> {
                sendUp(each);
                sendDown(each);
            });
            long next = Math.min(client.nextTimeout(), gateway.nextTimeout());
            if (next > end) {
                break;
            }
            now = Math.max(now, next);
            timeOut();
        }
        now = end;
    }

    private void timeOut() {
        client.handleTimeout(now);
        gateway.handleTimeout(now);
        tell();
    }

    // Events.

    void tell() {
        for (SessionEvent each = client.pollEvent(); each != null; each = client.pollEvent()) {
            clientEvents.add(each);
        }
        for (SessionEvent each = gateway.pollEvent(); each != null; each = gateway.pollEvent()) {
            gatewayEvents.add(each);
        }
    }

    // Streams.

    long open() {
        return client.open(OpenRequest.tcp(Destination.parse("example.com:80")), now);
    }

    /** A stream that both ends know and the gateway has accepted. */
    long openAccepted() {
        long stream = open();
        exchange();
        gateway.accept(stream, BOUND, now);
        pass(50 * MILLIS);
        return stream;
    }

    void write(Session session, long stream, int bytes) {
        session.write(stream, allocator.buffer(Math.max(1, bytes)).writeZero(bytes), now);
    }

    /** Reads and consumes all there is. Returns how much. */
    int read(Session session, long stream) {
        int bytes = 0;
        for (ByteBuf each = session.read(stream); each != null; each = session.read(stream)) {
            int length = each.readableBytes();
            each.release();
            session.consumed(stream, length, now);
            bytes += length;
        }
        tell();
        return bytes;
    }

    @Override
    public void close() {
        List.copyOf(paths.keySet()).forEach(this::drop);
        client.dispose();
        gateway.dispose();
        for (List<SessionEvent> each : List.of(clientEvents, gatewayEvents)) {
            each.forEach(event -> {
                if (event instanceof SessionEvent.DatagramReceived datagram) {
                    datagram.payload().release();
                }
            });
        }
        assertThat(allocator.metric().usedHeapMemory())
                .as("bytes of buffers that were not given back")
                .isZero();
    }
}

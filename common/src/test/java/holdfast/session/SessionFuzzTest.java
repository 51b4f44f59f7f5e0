package holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.frame.Frame;
import holdfast.frame.FrameDecoder;
import holdfast.frame.Hello;
import holdfast.frame.Join;
import holdfast.frame.Padding;
import holdfast.protocol.ProtocolException;
import holdfast.testing.FuzzSeeds;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * A session takes whatever frames its peer sends or ends, within its memory, and throws nothing. The first byte says which end is attacked and how many
 * streams there are; the rest are frames. Time passes with PADDING.
 */
final class SessionFuzzTest {
    /** What a session of these limits may hold at most, with all that its buffers cost. */
    private static final long MOST_MEMORY = 6 * 1024 * 1024;

    @ParameterizedTest
    @FuzzSeeds
    void anyFramesAreTakenOrEndTheSession(byte[] data) {
        fuzzerTestOneInput(data);
    }

    /** For {@code scripts/fuzz}. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        try (Pair pair = Pair.connected(Pair.SMALL)) {
            Session session = (data[0] & 1) == 0 ? pair.client : pair.gateway;
            for (int i = (data[0] >> 1) & 3; i > 0; i--) {
                pair.openAccepted();
            }
            ByteBuf in = pair.allocator.buffer(data.length).writeBytes(data, 1, data.length - 1);
            FrameDecoder decoder = new FrameDecoder(pair.allocator);
            try {
                for (Frame each = next(decoder, in); each != null; each = next(decoder, in)) {
                    handle(pair, session, each);
                }
            } finally {
                decoder.close();
                in.release();
            }
        }
    }

    private static @Nullable Frame next(FrameDecoder decoder, ByteBuf in) {
        try {
            return decoder.decode(in);
        } catch (ProtocolException e) {
            return null;
        }
    }

    private static void handle(Pair pair, Session session, Frame frame) {
        int length = frame.length();
        if (frame instanceof Padding) {
            pair.now += length * Pair.MILLIS;
            session.handleTimeout(pair.now);
        }
        greetOrHandle(pair, session, frame, length);
        session.handleBytes(0, length, pair.now);
        pair.tell();
        for (long path = 0; path < 3; path++) {
            for (Frame out = session.pollFrame(path, pair.now); out != null; out = session.pollFrame(path, pair.now)) {
                out.release();
            }
        }
        assertThat(pair.allocator.metric().usedHeapMemory()).isLessThan(MOST_MEMORY);
        assertThat(session.nextTimeout()).isPositive();
    }

    private static void greetOrHandle(Pair pair, Session session, Frame frame, int length) {
        try {
            if (session == pair.gateway && frame instanceof Hello hello) {
                session.handleHello(hello, length, pair.now);
            } else if (session == pair.gateway && frame instanceof Join join) {
                session.handleJoin(join, length, pair.now);
            } else {
                session.handleFrame(0, frame, pair.now);
            }
        } catch (ProtocolException e) {
            assertThat(e.scope()).isEqualTo(ProtocolException.Scope.PATH);
        }
    }
}

package holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.frame.Accept;
import holdfast.frame.AddAddress;
import holdfast.frame.Blocked;
import holdfast.frame.Data;
import holdfast.frame.Datagram;
import holdfast.frame.Enrol;
import holdfast.frame.Frame;
import holdfast.frame.GoAway;
import holdfast.frame.Hello;
import holdfast.frame.HelloOk;
import holdfast.frame.Join;
import holdfast.frame.JoinOk;
import holdfast.frame.MaxData;
import holdfast.frame.MaxStreamData;
import holdfast.frame.MaxStreams;
import holdfast.frame.NextKey;
import holdfast.frame.Open;
import holdfast.frame.Padding;
import holdfast.frame.Parameters;
import holdfast.frame.PathAck;
import holdfast.frame.PathClose;
import holdfast.frame.PathCount;
import holdfast.frame.PathStatus;
import holdfast.frame.Ping;
import holdfast.frame.Pong;
import holdfast.frame.Priority;
import holdfast.frame.Refused;
import holdfast.frame.Reject;
import holdfast.frame.Reset;
import holdfast.frame.SessionClose;
import holdfast.frame.Stop;
import holdfast.frame.VarInt;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.PathStanding;
import holdfast.protocol.ProtocolException;
import holdfast.protocol.SessionId;
import holdfast.protocol.SessionRandom;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Legal frames with any fields, in any order: a session takes them or ends, within its bounds, and throws nothing. */
final class RandomPeerTest {
    private static final int SEEDS = Integer.getInteger("holdfast.liars", 2_000);
    private static final int FRAMES = 150;

    /** What a session of these limits may hold at most, with all that its buffers cost. */
    private static final long MOST_MEMORY = 6 * 1024 * 1024;

    @Test
    void anyFramesInAnyOrderAreTakenOrEndTheSession() {
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                play(new Random(seed));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e, e);
            }
        }
    }

    private static void play(Random random) {
        try (Pair pair = Pair.connected(Pair.SMALL)) {
            Session session = random.nextBoolean() ? pair.client : pair.gateway;
            for (int i = random.nextInt(4); i > 0; i--) {
                pair.openAccepted();
            }
            for (int i = 0; i < FRAMES; i++) {
                act(pair, session, random);
                Frame frame = random.nextInt(3) > 0 ? gentle(pair, random) : wild(pair, random);
                int length = frame.length();
                greetOrHandle(pair, session, frame, length, random);
                session.handleBytes(0, length, pair.now);
                pair.tell();
                drain(session, pair.now);
                assertThat(pair.allocator.metric().usedHeapMemory()).isLessThan(MOST_MEMORY);
                if (random.nextInt(5) == 0) {
                    pair.now += random.nextInt(100) * Pair.MILLIS;
                    session.handleTimeout(pair.now);
                }
                assertThat(session.nextTimeout()).isPositive();
            }
        }
    }

    private static void greetOrHandle(Pair pair, Session session, Frame frame, int length, Random random) {
        if (session == pair.client || random.nextBoolean()) {
            session.handleFrame(random.nextInt(8) == 0 ? random.nextInt(3) : 0, frame, pair.now);
            return;
        }
        try {
            if (frame instanceof Hello hello) {
                session.handleHello(hello, length, pair.now);
            } else if (frame instanceof Join join) {
                session.handleJoin(join, length, pair.now);
            } else {
                session.handleFrame(0, frame, pair.now);
            }
        } catch (ProtocolException e) {
            assertThat(e.scope()).isEqualTo(ProtocolException.Scope.PATH);
        }
    }

    private static void drain(Session session, long now) {
        for (int path = 0; path < 4; path++) {
            for (Frame each = session.pollFrame(path, now); each != null; each = session.pollFrame(path, now)) {
                each.length();
                each.release();
            }
        }
    }

    /** What the programs at this end do meanwhile. */
    private static void act(Pair pair, Session session, Random random) {
        long stream = random.nextInt(12);
        switch (random.nextInt(12)) {
            case 0 -> session.open(OpenRequest.tcp(Destination.parse("h:1")), pair.now);
            case 1 -> pair.write(session, stream, random.nextInt(50_000));
            case 2 -> session.finish(stream, pair.now);
            case 3 -> session.reset(stream, ErrorCode.CANCELLED, pair.now);
            case 4 -> session.accept(stream, Pair.BOUND, pair.now);
            case 5 -> session.reject(stream, ErrorCode.NOT_ALLOWED, "no", pair.now);
            case 6 -> session.setUrgency(stream, random.nextInt(8));
            case 7 -> pair.read(session, stream);
            case 8 -> {
                if (session == pair.client && random.nextInt(10) == 0) {
                    session.startPath(PathStanding.ACTIVE, pair.now);
                }
            }
            case 9 -> session.sendDatagram(stream, 0, pair.allocator.buffer(10).writeZero(10), pair.now);
            default -> {}
        }
    }

    /** A frame that may well be in order. */
    private static Frame gentle(Pair pair, Random random) {
        long stream = random.nextInt(12);
        return switch (random.nextInt(12)) {
            case 0 -> new Open(stream, OpenRequest.tcp(Destination.parse("h:1")));
            case 1 -> new Accept(stream, Pair.BOUND);
            case 2 -> new Reject(stream, ErrorCode.NOT_ALLOWED, "");
            case 3 -> new Reset(stream, ErrorCode.NONE, random.nextInt(40_000));
            case 4 -> new Stop(stream, ErrorCode.NONE);
            case 5 -> new MaxStreamData(stream, random.nextInt(1_000_000));
            case 6 ->
                new PathAck(List.of(new PathAck.Entry(random.nextInt(2), random.nextInt(300), random.nextInt(50_000))));
            case 7 -> new PathStatus(random.nextInt(3), random.nextInt(10), random.nextInt(8));
            case 8 -> new PathClose(random.nextInt(3), random.nextInt(100), ErrorCode.NONE);
            default ->
                new Data(
                        stream,
                        random.nextInt(3) == 0 ? 0 : random.nextInt(30_000),
                        random.nextInt(20) == 0,
                        bytes(pair, random.nextInt(16_000)));
        };
    }

    private static Frame wild(Pair pair, Random random) {
        long stream = number(random);
        return switch (random.nextInt(28)) {
            case 0 -> new Open(stream, OpenRequest.tcp(Destination.parse("h:1")));
            case 1 -> new Accept(stream, Pair.BOUND);
            case 2 -> new Reject(stream, code(random), "x".repeat(random.nextInt(600)));
            case 3 -> new Reset(stream, code(random), number(random));
            case 4 -> new Stop(stream, code(random));
            case 5 -> new MaxStreamData(stream, number(random));
            case 6 -> new MaxData(number(random));
            case 7 -> new MaxStreams(number(random));
            case 8 -> new Blocked(stream, number(random));
            case 9 -> new Priority(stream, number(random), number(random));
            case 10 -> new Datagram(stream, number(random), bytes(pair, random.nextInt(16_000)));
            case 11 ->
                random.nextBoolean() ? new AddAddress(random.nextInt(3), "h:1") : new NextKey(random.nextInt(3), "p");
            case 12 -> new PathStatus(number(random), number(random), number(random));
            case 13 -> new PathClose(number(random), number(random), code(random));
            case 14 -> new GoAway(number(random), number(random), List.of("h:1"));
            case 15 -> random.nextInt(20) == 0 ? new SessionClose(code(random), "bye") : new Ping(random.nextLong());
            case 16 -> new Ping(random.nextLong());
            case 17 -> new Pong(random.nextInt(4));
            case 18 -> new Padding(random.nextInt(16_000));
            case 19 ->
                new PathAck(List.of(
                        new PathAck.Entry(random.nextInt(3), number(random), number(random)),
                        new PathAck.Entry(number(random), number(random), number(random))));
            case 20 -> hello(random);
            case 21 -> new Join(SessionId.of(new byte[SessionId.LENGTH]), number(random), counts(random), some(random));
            case 22 -> new JoinOk(counts(random), some(random));
            case 23 -> helloOk(random);
            case 24 -> new Refused(code(random), "no");
            case 25 -> new Enrol("code", "device");
            default -> new Data(stream, number(random), random.nextBoolean(), bytes(pair, random.nextInt(16_000)));
        };
    }

    private static Hello hello(Random random) {
        return new Hello(
                List.of(number(random), 1L),
                SessionRandom.of(new byte[SessionRandom.LENGTH]),
                number(random),
                java.util.Optional.empty(),
                some(random));
    }

    private static HelloOk helloOk(Random random) {
        return new HelloOk(
                1,
                SessionId.of(new byte[SessionId.LENGTH]),
                SessionRandom.of(new byte[SessionRandom.LENGTH]),
                random.nextBoolean(),
                counts(random),
                List.of("h:1"),
                some(random));
    }

    private static List<PathCount> counts(Random random) {
        List<PathCount> counts = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            counts.add(new PathCount(random.nextInt(4), random.nextInt(3) == 0 ? number(random) : random.nextInt(100)));
        }
        return counts;
    }

    private static Parameters some(Random random) {
        return Parameters.of(Map.of((long) random.nextInt(6), number(random)));
    }

    /** Any number, most often one where something changes. */
    private static long number(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt(16);
            case 1 -> VarInt.MAX - random.nextInt(3);
            case 2 -> (1L << random.nextInt(62)) - random.nextInt(2);
            case 3 -> 256 * 1024 - 1 + random.nextInt(3);
            case 4 -> random.nextLong() & VarInt.MAX;
            default -> random.nextInt(40_000);
        };
    }

    private static ErrorCode code(Random random) {
        return ErrorCode.of(random.nextInt(64));
    }

    private static ByteBuf bytes(Pair pair, int length) {
        return pair.allocator.buffer(Math.max(1, length)).writeZero(length);
    }
}

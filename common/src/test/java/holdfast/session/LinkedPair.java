package holdfast.session;

import holdfast.frame.Data;
import holdfast.frame.Frame;
import holdfast.frame.Hello;
import holdfast.frame.Join;
import holdfast.linkmodel.Bottleneck;
import holdfast.linkmodel.Clockwork;
import holdfast.linkmodel.TcpModel;
import holdfast.path.Path;
import holdfast.protocol.Destination;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.PathStanding;
import holdfast.protocol.ProtocolException;
import holdfast.protocol.SessionId;
import holdfast.protocol.SessionRandom;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A client's session and a gateway's over modelled links, in virtual time: what several paths do together. Programs
 * send without end, or what they send comes back. A path is one TCP connection in each direction.
 */
final class LinkedPair implements AutoCloseable {
    static final long MILLIS = 1_000_000;
    static final long SECOND = 1000 * MILLIS;
    private static final int PIECE = 64 * 1024;
    private static final int RECORD_OVERHEAD = 22;
    private static final int PACKET_OVERHEAD = 52;

    final Clockwork clock = new Clockwork();
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    final End client;
    final End gateway;

    LinkedPair() {
        client = new End(Session.client(
                SessionConfig.forClient(),
                allocator,
                SessionRandom.of(new byte[SessionRandom.LENGTH]),
                Optional.empty(),
                clock.now()));
        gateway = new End(Session.gateway(
                SessionConfig.forGateway(),
                allocator,
                SessionId.of(new byte[SessionId.LENGTH]),
                SessionRandom.of(new byte[SessionRandom.LENGTH]),
                List.of("g:1"),
                clock.now()));
    }

    /** One direction of a link each, with the same properties. */
    record Link(Bottleneck up, Bottleneck down) {}

    Link link(double bytesPerSecond, long delay, int queueBytes) {
        return new Link(
                new Bottleneck(clock, bytesPerSecond, delay, queueBytes),
                new Bottleneck(clock, bytesPerSecond, delay, queueBytes));
    }

    long join(Link link) {
        long path = client.session.startPath(PathStanding.ACTIVE, clock.now());
        client.lines.put(path, new Line(client, gateway, path, link.up));
        gateway.lines.put(path, new Line(gateway, client, path, link.down));
        client.work();
        return path;
    }

    /** A stream through which the gateway's destination sends without end. */
    long download() {
        return open(Kind.DOWNLOAD);
    }

    /** A stream through which the client's program sends without end. */
    long upload() {
        long stream = open(Kind.UPLOAD);
        client.sources.put(stream, Long.MAX_VALUE);
        client.work();
        return stream;
    }

    void pauseDownloads() {
        gateway.producing = false;
    }

    void resumeDownloads() {
        gateway.producing = true;
        gateway.work();
    }

    void pauseUploads() {
        client.producing = false;
    }

    /** A stream whose bytes come back; returns the times this took, for one every so often, as they come. */
    List<Long> echo(long every) {
        long stream = open(Kind.ECHO);
        List<Long> times = new ArrayList<>();
        client.echoTimes = times;
        ping(stream, every);
        return times;
    }

    private void ping(long stream, long every) {
        client.echoSent.add(clock.now());
        client.session.write(stream, allocator.buffer(16).writeZero(16), clock.now());
        client.work();
        clock.in(every, () -> ping(stream, every));
    }

    /** Prints what the gateway's paths are at. */
    void show() {
        System.out.println("read " + client.read);
        for (Path<Sent> each : gateway.session.pathTable().all()) {
            System.out.println("  " + each.id() + " " + each.state() + " out " + each.outstanding() + " sent "
                    + each.sent() + " round trip " + each.rtt().smoothed(0) / 1000 + " us " + each.limit());
        }
    }

    private enum Kind {
        DOWNLOAD,
        UPLOAD,
        ECHO
    }

    private long open(Kind kind) {
        long stream = client.session.open(OpenRequest.tcp(Destination.parse("example.com:80")), clock.now());
        gateway.kinds.put(stream, kind);
        client.kinds.put(stream, kind);
        client.work();
        return stream;
    }

    /** A session and its programs. */
    final class End {
        final Session session;
        private final Map<Long, Line> lines = new HashMap<>();
        private final Map<Long, Kind> kinds = new HashMap<>();

        /** What programs send: bytes that are left, for each stream. */
        private final Map<Long, Long> sources = new HashMap<>();

        private final ArrayDeque<Long> echoSent = new ArrayDeque<>();
        private List<Long> echoTimes = new ArrayList<>();
        private boolean working;
        private long timerAt = Long.MAX_VALUE;

        /** What happened while the processor was busy elsewhere. */
        private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

        private boolean producing = true;
        private boolean starved;
        private boolean timerDue;

        /** How often a path was suspected. */
        int suspicions;

        /** Bytes that programs have read, echoes apart. */
        long read;

        End(Session session) {
            this.session = session;
        }

        /** From now on the processor is away again and again: for so long on average, with so long between. */
        void starve(Random dice, long away, long between) {
            clock.in(spread(dice, between, 5), () -> {
                starved = true;
                clock.in(spread(dice, away, 5), () -> {
                    starved = false;
                    goOn();
                    starve(dice, away, between);
                });
            });
        }

        private long spread(Random dice, long mean, int most) {
            return (long) (mean * Math.min(most, -Math.log(1 - dice.nextDouble())));
        }

        /** What arrived comes before timers, as an event loop has it. */
        private void goOn() {
            while (!waiting.isEmpty()) {
                waiting.remove().run();
            }
            work();
            if (timerDue) {
                timerDue = false;
                timeOut();
            }
        }

        private void timeOut() {
            timerAt = Long.MAX_VALUE;
            session.handleTimeout(clock.now());
            work();
        }

        void work() {
            if (working || starved) {
                return;
            }
            working = true;
            boolean any = true;
            while (any) {
                any = false;
                for (SessionEvent each = session.pollEvent(); each != null; each = session.pollEvent()) {
                    any = true;
                    tell(each);
                }
                new ArrayList<>(sources.keySet()).forEach(this::produce);
                lines.values().forEach(Line::fill);
            }
            working = false;
            arm();
        }

        private void arm() {
            long next = session.nextTimeout();
            if (next >= timerAt) {
                return;
            }
            timerAt = next;
            clock.in(Math.max(0, next - clock.now()), () -> {
                if (timerAt == next && starved) {
                    timerDue = true;
                } else if (timerAt == next) {
                    timeOut();
                }
            });
        }

        private void tell(SessionEvent event) {
            if (event instanceof SessionEvent.StreamOpened e) {
                session.accept(e.stream(), Pair.BOUND, clock.now());
                if (kinds.get(e.stream()) == Kind.DOWNLOAD) {
                    sources.put(e.stream(), Long.MAX_VALUE);
                }
            } else if (event instanceof SessionEvent.PathSuspected) {
                suspicions++;
            } else if (event instanceof SessionEvent.StreamReadable e) {
                read(e.stream());
            }
        }

        private void produce(long stream) {
            while (producing && session.isWritable(stream)) {
                session.write(stream, allocator.buffer(PIECE).writeZero(PIECE), clock.now());
            }
        }

        private void read(long stream) {
            for (ByteBuf each = session.read(stream); each != null; each = session.read(stream)) {
                int length = each.readableBytes();
                session.consumed(stream, length, clock.now());
                if (kinds.get(stream) != Kind.ECHO) {
                    each.release();
                    read += length;
                } else if (this == gateway) {
                    session.write(stream, each, clock.now());
                } else {
                    each.release();
                    for (int i = 0; i < length; i += 16) {
                        echoTimes.add(clock.now() - echoSent.remove());
                    }
                }
            }
        }
    }

    private record Flight(long end, List<Frame> frames) {}

    /** What one end sends by one path. */
    final class Line extends TcpModel {
        private final End from;
        private final End to;
        private final long path;
        private final ArrayDeque<Flight> flights = new ArrayDeque<>();
        private long sent;

        Line(End from, End to, long path, Bottleneck link) {
            super(LinkedPair.this.clock, link);
            this.from = from;
            this.to = to;
            this.path = path;
        }

        void fill() {
            while (unsent() < Math.max(1, from.session.commitment(path))) {
                List<Frame> frames = new ArrayList<>();
                int room = from.session.flight(path);
                for (Frame each = from.session.pollFrame(path, room, clock.now());
                        each != null;
                        each = room > 0 ? from.session.pollFrame(path, room, clock.now()) : null) {
                    frames.add(each);
                    room -= each.length();
                    sent += each.length() + (each instanceof Data ? 0 : PACKET_OVERHEAD);
                }
                if (frames.isEmpty()) {
                    return;
                }
                long before = written();
                sent += RECORD_OVERHEAD;
                flights.add(new Flight(sent, frames));
                write(sent - before);
            }
            from.session.handleRefusal(path);
        }

        @Override
        public void onHandedOn(long total) {
            boolean any = false;
            while (!flights.isEmpty() && flights.element().end <= total) {
                any = true;
                for (Frame each : flights.remove().frames) {
                    deliver(each);
                }
            }
            if (any) {
                to.work();
            }
        }

        private void deliver(Frame frame) {
            if (to.starved) {
                to.waiting.add(() -> deliver(frame));
                return;
            }
            int length = frame.length();
            try {
                if (frame instanceof Hello hello) {
                    to.session.handleHello(hello, length, clock.now());
                } else if (frame instanceof Join join) {
                    to.session.handleJoin(join, length, clock.now());
                } else {
                    to.session.handleFrame(path, frame, clock.now());
                    to.session.handleBytes(path, length, clock.now());
                }
            } catch (ProtocolException e) {
                throw new AssertionError("refused: " + e.getMessage(), e);
            }
        }

        @Override
        public void onRoom() {
            from.work();
        }
    }

    @Override
    public void close() {
        for (End each : List.of(client, gateway)) {
            each.lines.values().forEach(line -> line.flights.forEach(flight -> flight.frames.forEach(Frame::release)));
            each.session.dispose();
        }
    }
}

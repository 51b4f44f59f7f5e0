package holdfast.simulation;

import holdfast.session.Session;
import holdfast.session.SessionAudit;
import holdfast.session.SessionEvent;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The reference: what the programs wrote and did, and so what may and what must come of it. */
final class Model {
    private record StreamModel(Program client, Program gateway, HalfModel up, HalfModel down) {
        Program at(int direction) {
            return direction == Link.UP ? client : gateway;
        }

        Program opener() {
            return at((int) (up.stream & 1));
        }

        Program acceptor() {
            return at(1 - (int) (up.stream & 1));
        }
    }

    private final World world;
    private final Map<Long, StreamModel> streams = new TreeMap<>();
    private final Map<Long, String> datagrams = new HashMap<>();
    private final Set<Long> withdrawn = new HashSet<>();
    private int open;
    private int toStart;
    private long nextDatagram = 1;
    private int turns;
    long delivered;

    Model(World world) {
        this.world = world;
    }

    // What the programs do.

    void expect(int count) {
        toStart += count;
    }

    void opened(long id, Program opener, Program acceptor, int direction) {
        HalfModel up = new HalfModel(id, Link.UP);
        HalfModel down = new HalfModel(id, Link.DOWN);
        boolean byClient = direction == Link.UP;
        StreamModel stream = new StreamModel(byClient ? opener : acceptor, byClient ? acceptor : opener, up, down);
        if (streams.put(id, stream) != null) {
            throw new SimulationFailure("stream " + id + " was opened twice");
        }
        toStart--;
        open++;
        opener.start(id, byClient ? up : down, byClient ? down : up);
    }

    /** A payload that is known again. */
    ByteBuf newDatagram(long flow, int direction) {
        long number = nextDatagram++;
        int length = world.dice.magnitude(1, 3000);
        ByteBuf payload = world.allocator.buffer(8 + length).writeLong(number);
        ByteBuf bytes = Bytes.of(world.allocator, number, 0, 0, length);
        payload.writeBytes(bytes);
        bytes.release();
        datagrams.put(number, flow + " " + direction + " " + length);
        return payload;
    }

    // What the sessions say.

    void happened(Endpoint end, SessionEvent event) {
        if (event instanceof SessionEvent.StreamOpened opened) {
            StreamModel stream = stream(opened.stream());
            if (withdrawn.remove(opened.stream())) {
                open++;
            }
            boolean byClient = (opened.stream() & 1) == 0;
            stream.at(end.direction)
                    .start(opened.stream(), byClient ? stream.down : stream.up, byClient ? stream.up : stream.down);
        } else if (event instanceof SessionEvent.StreamAccepted accepted) {
            program(end, accepted.stream()).accepted();
        } else if (event instanceof SessionEvent.StreamRejected rejected) {
            program(end, rejected.stream()).rejected();
        } else if (event instanceof SessionEvent.StreamReadable readable) {
            program(end, readable.stream()).readable();
        } else if (event instanceof SessionEvent.StreamWritable writable) {
            program(end, writable.stream()).writable();
        } else if (event instanceof SessionEvent.StreamStopped stopped) {
            program(end, stopped.stream()).stopped();
        } else if (event instanceof SessionEvent.StreamReset reset) {
            program(end, reset.stream()).wasReset();
        } else if (event instanceof SessionEvent.StreamClosed closed) {
            program(end, closed.stream()).closed();
        } else if (event instanceof SessionEvent.DatagramReceived datagram) {
            datagram(end, datagram);
        }
    }

    /** The program at one end is done with the stream. */
    void over(long id) {
        StreamModel stream = stream(id);
        if (stream.client.isOver() && stream.gateway.isOver()) {
            open--;
            stream.up.checkOver();
            stream.down.checkOver();
            delivered += stream.up.received + stream.down.received;
        } else if (stream.opener().isOver()
                && stream.opener().isGone()
                && !stream.acceptor().isStarted()) {
            // Withdrawn before it ever left: the acceptor hears nothing of it. Should it do so, there are two programs
            // to come to their end again.
            open--;
            withdrawn.add(id);
        }
    }

    private void datagram(Endpoint end, SessionEvent.DatagramReceived datagram) {
        ByteBuf payload = datagram.payload();
        long number = payload.readLong();
        String expected = datagrams.remove(number);
        String found = datagram.flow() + " " + (1 - end.direction) + " " + payload.readableBytes();
        if (!found.equals(expected)) {
            throw new SimulationFailure("datagram " + number + " came as " + found + ", not as " + expected);
        }
        if (!Bytes.match(payload, number, 0, 0)) {
            throw new SimulationFailure("datagram " + number + " has wrong bytes");
        }
        payload.release();
    }

    // Verdicts.

    /** Bounds that hold at any time. */
    void turned(Endpoint end, Session session) {
        turns++;
        SessionAudit.checkBounds(
                session, end.direction == Link.UP ? world.scenario.client() : world.scenario.gateway());
        if (turns % world.scenario.auditEvery() == 0) {
            SessionAudit.checkSums(session);
        }
    }

    int streams() {
        return streams.size();
    }

    /** Whether all programs have come to their end. */
    boolean isDone() {
        return toStart == 0 && open == 0;
    }

    @Nullable String unfinished() {
        StringBuilder text = new StringBuilder();
        if (toStart > 0) {
            text.append(toStart).append(" streams were never opened\n");
        }
        streams.values().stream()
                .filter(each -> !each.client.isOver() || !each.gateway.isOver())
                .limit(8)
                .forEach(each -> text.append("  ")
                        .append(each.client.progress())
                        .append("\n  ")
                        .append(each.gateway.progress())
                        .append('\n'));
        return text.length() == 0 ? null : text.toString();
    }

    private Program program(Endpoint end, long id) {
        return stream(id).at(end.direction);
    }

    private StreamModel stream(long id) {
        StreamModel stream = streams.get(id);
        if (stream == null) {
            throw new SimulationFailure("stream " + id + " was never opened by a program");
        }
        return stream;
    }
}

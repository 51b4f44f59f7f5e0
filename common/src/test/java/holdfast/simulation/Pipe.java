package holdfast.simulation;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/** One direction of a connection: bytes arrive in order, late, and all of them, or none from some byte on. */
final class Pipe {
    /** Bytes that travel together, not longer than a segment or two. */
    private record Segment(ByteBuf bytes, long arrival) {}

    private static final int SEGMENT = 4096;

    private final Agenda agenda;
    private final Link link;
    private final int direction;
    private final Wire wire;
    private final ArrayDeque<Segment> segments = new ArrayDeque<>();

    private long busyUntil;
    private long bytes;
    private boolean full;
    private boolean deliveryPlanned;
    private boolean closed;
    private long left = Long.MAX_VALUE;

    Pipe(Agenda agenda, Link link, int direction, Wire wire) {
        this.agenda = agenda;
        this.link = link;
        this.direction = direction;
        this.wire = wire;
    }

    /** Whether the sender's buffer takes more. */
    boolean isWritable() {
        full = bytes >= link.capacity();
        return !full;
    }

    /** Takes ownership. */
    void send(ByteBuf flight) {
        if (closed) {
            flight.release();
            return;
        }
        while (flight.isReadable()) {
            int length = Math.min(SEGMENT, flight.readableBytes());
            busyUntil = Math.max(busyUntil, agenda.now()) + length * Agenda.SECOND / link.rate();
            bytes += length;
            segments.add(new Segment(flight.readRetainedSlice(length), busyUntil + link.delay()));
        }
        flight.release();
        plan();
    }

    /** So many more bytes arrive, then the connection breaks. */
    void breakAfter(long count) {
        left = Math.min(left, count);
        if (left == 0) {
            wire.breakNow();
        }
    }

    void stayWhole() {
        left = Long.MAX_VALUE;
    }

    /** Nothing more arrives. */
    void close() {
        closed = true;
        segments.forEach(each -> each.bytes.release());
        segments.clear();
        bytes = 0;
    }

    boolean isClosed() {
        return closed;
    }

    long inFlight() {
        return bytes;
    }

    /** The link lets bytes through again. */
    void plan() {
        Segment head = segments.peek();
        if (head != null && !deliveryPlanned && !link.isBlocked(direction)) {
            deliveryPlanned = true;
            agenda.at(head.arrival, this::deliver);
        }
    }

    private void deliver() {
        deliveryPlanned = false;
        if (link.isBlocked(direction)) {
            return;
        }
        while (!closed && !segments.isEmpty() && segments.element().arrival <= agenda.now()) {
            ByteBuf arrived = segments.remove().bytes;
            int length = arrived.readableBytes();
            bytes -= length;
            boolean breaks = length >= left;
            if (breaks) {
                arrived.writerIndex(arrived.readerIndex() + (int) left);
            }
            left -= Math.min(left, length);
            wire.arrive(direction, arrived);
            if (breaks) {
                wire.breakNow();
                return;
            }
        }
        if (full && bytes < link.capacity()) {
            full = false;
            wire.writable(direction);
        }
        plan();
    }
}

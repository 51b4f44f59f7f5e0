package holdfast.simulation;

import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.StreamKind;
import holdfast.session.Session;
import io.netty.buffer.ByteBuf;

/** The program at one end of a stream: writes, reads and ends it as planned, and never trusts what it is told. */
final class Program {
    private static final Destination BOUND = Destination.parse("192.0.2.1:80");

    private final World world;
    private final Endpoint end;
    private final Plan plan;
    private final boolean opener;
    private long id = -1;
    private HalfModel out = new HalfModel(-1, 0);
    private HalfModel in = new HalfModel(-1, 0);

    private boolean answered;
    private boolean outOver;
    private boolean inOver;
    private boolean readPlanned;
    private boolean blocked;
    private boolean gone;
    private boolean closed;

    Program(World world, Endpoint end, Plan plan, boolean opener) {
        this.world = world;
        this.end = end;
        this.plan = plan;
        this.opener = opener;
    }

    /** Opener: asks for the stream. Returns its id. */
    long open(StreamKind kind, int urgency) {
        return session().open(new OpenRequest(kind, Destination.parse("example.com:80"), urgency), world.agenda.now());
    }

    /** The stream is there. */
    void start(long stream, HalfModel outgoing, HalfModel incoming) {
        id = stream;
        out = outgoing;
        in = incoming;
        if (opener) {
            begin();
        } else {
            later(plan.answerAfter(), this::answer);
        }
        if (plan.resetAfter() != Plan.NEVER) {
            later(plan.resetAfter(), this::reset);
        }
    }

    private void begin() {
        for (int i = 0; i < plan.datagrams(); i++) {
            later(world.dice.between(0, 2000) * Agenda.MILLIS, this::sendDatagram);
        }
        write();
    }

    private void answer() {
        if (closed || gone) {
            return;
        }
        answered = true;
        if (plan.rejects() && !outOver) {
            abandon();
            session().reject(id, ErrorCode.CONNECTION_REFUSED, "refused", end.now());
        } else {
            session().accept(id, BOUND, end.now());
            begin();
            read();
        }
    }

    private void write() {
        while (!outOver && out.written < plan.toWrite()) {
            if (!session().isWritable(id)) {
                blocked = true;
                return;
            }
            int length = (int) Math.min(world.dice.magnitude(1, plan.maxWrite()), plan.toWrite() - out.written);
            ByteBuf bytes = Bytes.of(world.allocator, id, end.direction, out.written, length);
            out.written += length;
            session().write(id, bytes, end.now());
            if (plan.resetAtWritten() != Plan.NEVER && out.written >= plan.resetAtWritten()) {
                reset();
                return;
            }
            if (plan.writePause() > 0) {
                later(plan.writePause(), this::write);
                return;
            }
        }
        finishIfTime();
    }

    private void finishIfTime() {
        boolean written = out.written == plan.toWrite();
        if (!outOver && written && !out.finished && (!plan.finishesLast() || inOver)) {
            out.finished = true;
            session().finish(id, end.now());
        }
    }

    private void read() {
        if (inOver || readPlanned) {
            return;
        }
        for (ByteBuf bytes = session().read(id);
                bytes != null;
                bytes = session().read(id)) {
            take(bytes);
            if (inOver) {
                return;
            }
            if (plan.readPause() > 0) {
                readPlanned = true;
                world.agenda.in(plan.readPause(), () -> end.run(this::readOn));
                return;
            }
        }
        if (session().isEndOfStream(id)) {
            in.end();
            inOver = true;
            finishIfTime();
        }
    }

    /** The stream may be over meanwhile: everything was given out, what it has not been asked for is whether that was the end. */
    private void readOn() {
        readPlanned = false;
        if (end.ended == null) {
            read();
            if (closed) {
                world.model.over(id);
            }
        }
    }

    private void take(ByteBuf bytes) {
        int length = bytes.readableBytes();
        in.require(length > 0, "gave no bytes");
        in.require(
                Bytes.match(bytes, id, in.direction, in.received),
                "has wrong bytes in " + in.received + ".." + (in.received + length));
        bytes.release();
        in.received += length;
        in.require(in.received <= in.written, "received more than was written");
        if (plan.consumeAfter() > 0) {
            later(plan.consumeAfter(), () -> session().consumed(id, length, end.now()));
        } else {
            session().consumed(id, length, end.now());
        }
        if (plan.resetAtRead() != Plan.NEVER && in.received >= plan.resetAtRead()) {
            reset();
        }
    }

    private void reset() {
        if (closed || (outOver && inOver)) {
            return;
        }
        abandon();
        session().reset(id, ErrorCode.CANCELLED, end.now());
    }

    private void abandon() {
        gone = true;
        outOver = true;
        inOver = true;
        out.abandoned = true;
        in.refused = true;
    }

    private void sendDatagram() {
        if (!closed) {
            session().sendDatagram(id, 0, world.model.newDatagram(id, end.direction), end.now());
        }
    }

    // What it is told.

    void accepted() {
        require(opener, "was told that its own stream was accepted");
        require(!answered, "was answered twice");
        requireTalking();
        answered = true;
    }

    void rejected() {
        require(opener && !answered, "was rejected out of turn");
        requireTalking();
        answered = true;
        require(in.abandoned && out.refused, "was rejected although the acceptor has not");
        in.wasReset = true;
        inOver = true;
        outOver = true;
        out.abandoned = true;
    }

    void readable() {
        requireTalking();
        if (opener || answered) {
            read();
        }
    }

    void writable() {
        requireTalking();
        require(blocked || outOver, "was told to go on writing although nothing stopped it");
        blocked = false;
        write();
    }

    void stopped() {
        requireTalking();
        require(out.refused, "was stopped although the peer wants everything");
        outOver = true;
        out.abandoned = true;
    }

    void wasReset() {
        requireTalking();
        in.reset();
        inOver = true;
        finishIfTime();
    }

    void closed() {
        require(!closed, "was closed twice");
        require(!opener || answered || in.wasReset || gone, "was closed without an answer");
        closed = true;
        if (!readPlanned) {
            world.model.over(id);
        }
    }

    /** Whether the session has closed the stream and the program has read what there was. */
    boolean isOver() {
        return closed && !readPlanned;
    }

    /** Whether it has abandoned the stream. */
    boolean isGone() {
        return gone;
    }

    /** Whether it has ever heard of the stream. */
    boolean isStarted() {
        return id >= 0;
    }

    private void requireTalking() {
        require(!closed, "was told something after its end");
        require(!gone, "was told something after it had abandoned the stream");
    }

    private void require(boolean condition, String what) {
        if (!condition) {
            throw new SimulationFailure("the program at the " + end + " end of stream " + id + " " + what);
        }
    }

    private Session session() {
        Session session = end.session;
        if (session == null) {
            throw new IllegalStateException("a program without a session");
        }
        return session;
    }

    private void later(long nanos, Runnable action) {
        world.agenda.in(
                nanos,
                () -> end.run(() -> {
                    if (!closed && end.ended == null) {
                        action.run();
                    }
                }));
    }

    /** How far it came, for the report of a failure. */
    String progress() {
        return end + " of stream " + id + ": wrote " + out.written + " of " + plan.toWrite()
                + (out.finished ? " finished" : "") + (out.abandoned ? " abandoned" : "") + (blocked ? " blocked" : "")
                + ", read " + in.received + (in.ended ? " ended" : "") + (in.wasReset ? " reset" : "")
                + (in.refused ? " refused" : "") + (closed ? ", closed" : ", open") + " " + plan;
    }
}

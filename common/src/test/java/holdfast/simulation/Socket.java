package holdfast.simulation;

import holdfast.frame.Data;
import holdfast.frame.Frame;
import holdfast.frame.FrameDecoder;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import holdfast.session.Session;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/** One end's side of a connection: slices what arrives at random, decodes it, and hands it to the session of its owner. */
final class Socket implements Wire.Plug {
    private final Endpoint owner;
    private final Wire wire;
    private final Dice dice;
    private final FrameDecoder decoder;
    private long path = -1;
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>();
    private int uncounted;
    private boolean holds;
    private boolean ignores;
    private boolean closed;

    Socket(Endpoint owner, Wire wire) {
        this.owner = owner;
        this.wire = wire;
        this.dice = owner.world.dice;
        this.decoder = new FrameDecoder(owner.world.allocator);
        wire.plug(owner.direction, this);
    }

    long path() {
        return path;
    }

    Wire wire() {
        return wire;
    }

    void bind(long newPath) {
        path = newPath;
    }

    boolean isWritable() {
        return !closed && wire.pipe(owner.direction).isWritable();
    }

    boolean swallows() {
        return wire.swallows(owner.direction);
    }

    /** Takes ownership. */
    void send(ByteBuf flight) {
        if (closed || !flight.isReadable()) {
            flight.release();
        } else {
            wire.pipe(owner.direction).send(flight);
        }
    }

    void close() {
        if (!closed) {
            letGo();
            wire.close(owner.direction);
        }
    }

    private void letGo() {
        closed = true;
        decoder.close();
        held.forEach(ByteBuf::release);
        held.clear();
    }

    boolean isClosed() {
        return closed;
    }

    /** Drops what still comes. */
    void ignore() {
        ignores = true;
    }

    /** Reads no further until {@link #goOn}. */
    void hold() {
        holds = true;
    }

    void goOn() {
        holds = false;
        while (!holds && !held.isEmpty()) {
            receive(held.remove());
        }
    }

    /** After what is on its way. */
    void finish() {
        wire.finish(owner.direction);
    }

    @Override
    public void onBytes(ByteBuf bytes) {
        if (owner.isStopped() || dice.chance(0.9)) {
            owner.run(() -> receive(bytes));
            return;
        }
        // Several reads, one after the other.
        while (bytes.isReadable()) {
            ByteBuf slice = bytes.readRetainedSlice(dice.between(1, bytes.readableBytes()));
            owner.run(() -> receive(slice));
        }
        bytes.release();
    }

    /** Takes ownership. */
    private void receive(ByteBuf bytes) {
        try {
            while (bytes.isReadable() && !closed && !holds) {
                int before = bytes.readerIndex();
                Frame frame = decoder.decode(bytes);
                uncounted += bytes.readerIndex() - before;
                if (frame != null) {
                    owner.world.trace(() -> owner + " " + this + " <- " + Trace.text(frame));
                    handle(frame);
                }
            }
            if (holds && !closed && bytes.isReadable()) {
                held.add(bytes.retain());
            }
            count();
        } catch (ProtocolException e) {
            throw new SimulationFailure(owner + " " + this + " cannot read its peer: " + e.getMessage());
        } finally {
            bytes.release();
        }
    }

    private void handle(Frame frame) {
        Session session = owner.session;
        if (ignores) {
            frame.release();
        } else if (path >= 0 && session != null) {
            if (owner.world.scenario.echoes() && dice.chance(0.1)) {
                echo(frame);
            }
            session.handleFrame(path, frame, owner.now());
        } else {
            int length = uncounted;
            uncounted = 0;
            ((GatewayEnd) owner).greet(this, frame, length);
        }
    }

    /** Everything that belongs to the session may come again, by any path: as if a path that was lost had been slow only. */
    private void echo(Frame frame) {
        Frame again;
        if (frame instanceof Data data) {
            again = new Data(
                    data.stream(), data.offset(), data.fin(), data.payload().copy());
        } else {
            again = switch (frame.type()) {
                case OPEN, ACCEPT, REJECT, RESET, STOP, MAX_STREAM_DATA, MAX_DATA, MAX_STREAMS, PRIORITY, PATH_CLOSE ->
                    frame;
                default -> null;
            };
        }
        if (again != null) {
            owner.world.echoes.add(again);
            owner.world.agenda.in(
                    dice.magnitude(1, 5000) * Agenda.MILLIS,
                    () -> owner.run(() -> {
                        owner.world.echoes.remove(again);
                        Session session = owner.session;
                        if (session != null && !owner.openSockets().isEmpty()) {
                            owner.world.trace(() -> owner + " once more <- " + Trace.text(again));
                            session.handleFrame(owner.openSockets().get(0).path(), again, owner.now());
                        } else {
                            again.release();
                        }
                    }));
        }
    }

    private void count() {
        Session session = owner.session;
        if (wire.swallows(1 - owner.direction)) {
            // A PING overtook what was swallowed: it must not look like the bytes that were.
            uncounted = 0;
        } else if (path >= 0 && session != null && uncounted > 0) {
            session.handleBytes(path, uncounted, owner.now());
            uncounted = 0;
        }
    }

    @Override
    public void onWritable() {
        owner.run(() -> {});
    }

    @Override
    public void onClosed(ErrorCode code, String text) {
        owner.run(() -> {
            if (!closed) {
                letGo();
                owner.closed(this, code, text);
            }
        });
    }

    @Override
    public String toString() {
        return "path " + path + " on " + wire;
    }
}

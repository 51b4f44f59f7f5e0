package holdfast.simulation;

import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;

/** One transport connection. Its two ends learn of its end at different times, or never. */
final class Wire {
    /** What an end of the wire tells its owner. */
    interface Plug {
        /** Takes ownership. */
        void onBytes(ByteBuf bytes);

        void onWritable();

        void onClosed(ErrorCode code, String text);
    }

    private static final Plug NOBODY = new Plug() {
        @Override
        public void onBytes(ByteBuf bytes) {
            bytes.release();
        }

        @Override
        public void onWritable() {}

        @Override
        public void onClosed(ErrorCode code, String text) {}
    };

    private final Agenda agenda;
    private final Dice dice;
    private final Link link;
    private final String name;
    private final Pipe[] pipes;
    private final Plug[] plugs = {NOBODY, NOBODY};
    private final boolean[] told = new boolean[2];
    private final boolean[] swallows = new boolean[2];
    private boolean broken;
    private boolean silent;

    Wire(Agenda agenda, Dice dice, Link link, String name) {
        this.agenda = agenda;
        this.dice = dice;
        this.link = link;
        this.name = name;
        this.pipes = new Pipe[] {new Pipe(agenda, link, Link.UP, this), new Pipe(agenda, link, Link.DOWN, this)};
        link.wires().add(this);
    }

    /** Plugs in the end that sends in this direction. */
    void plug(int direction, Plug plug) {
        plugs[direction] = plug;
    }

    Pipe pipe(int direction) {
        return pipes[direction];
    }

    Link link() {
        return link;
    }

    boolean isBroken() {
        return broken;
    }

    /** Whether nothing but PING and PONG gets through in this direction. */
    boolean swallows(int direction) {
        return swallows[direction];
    }

    void swallow(int direction, boolean whether) {
        swallows[direction] = whether;
    }

    /** When it breaks, neither end is told. */
    void staySilent() {
        silent = true;
    }

    void breakSilently() {
        staySilent();
        breakNow();
    }

    /** Takes back {@link Pipe#breakAfter}. */
    void stayWhole() {
        pipes[Link.UP].stayWhole();
        pipes[Link.DOWN].stayWhole();
    }

    /** Nothing is wrong with it any more. */
    void mend() {
        stayWhole();
        swallow(Link.UP, false);
        swallow(Link.DOWN, false);
    }

    /** Reset from the middle: what is on its way is lost, and each end is told at a time of its own. */
    void breakNow() {
        if (broken) {
            return;
        }
        broken = true;
        link.wires().remove(this);
        pipes[Link.UP].close();
        pipes[Link.DOWN].close();
        if (!silent) {
            tellLater(Link.UP, dice.chance(0.5) ? 0 : dice.magnitude(1, 2000) * Agenda.MILLIS);
            tellLater(Link.DOWN, dice.chance(0.5) ? 0 : dice.magnitude(1, 2000) * Agenda.MILLIS);
        }
    }

    /** The end that sends in this direction closes. What it has sent before may arrive as far as some byte; the other end is told. */
    void close(int direction) {
        if (told[direction]) {
            return;
        }
        told[direction] = true;
        plugs[direction] = NOBODY;
        pipes[1 - direction].close();
        if (broken) {
            return;
        }
        long onItsWay = pipes[direction].inFlight();
        if (link.isBlocked(direction)) {
            // The other end hears nothing of it.
            silent = true;
            breakNow();
        } else {
            pipes[direction].breakAfter(onItsWay == 0 ? 0 : dice.between(0, onItsWay));
        }
    }

    /** The end that sends in this direction closes when all that it has sent has arrived. */
    void finish(int direction) {
        pipes[direction].breakAfter(pipes[direction].inFlight());
    }

    void arrive(int direction, ByteBuf bytes) {
        plugs[1 - direction].onBytes(bytes);
    }

    void writable(int direction) {
        plugs[direction].onWritable();
    }

    private void tellLater(int direction, long nanos) {
        agenda.in(nanos, () -> {
            if (!told[direction]) {
                told[direction] = true;
                plugs[direction].onClosed(ErrorCode.PATH_LOST, "connection reset");
            }
        });
    }

    @Override
    public String toString() {
        return name;
    }
}

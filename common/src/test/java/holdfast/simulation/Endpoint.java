package holdfast.simulation;

import holdfast.frame.Frame;
import holdfast.frame.Ping;
import holdfast.frame.Pong;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.PathStanding;
import holdfast.session.Session;
import holdfast.session.SessionEvent;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One end: what a driver does around a session, with a process that may be stopped and go on. */
abstract class Endpoint {
    /** Bytes that are encoded together. */
    private static final int FLIGHT = 16 * 1024;

    /** Turns without virtual time passing: more are a loop that keeps a processor busy. */
    private static final int MAX_IDLE_TURNS = 10_000;

    final World world;
    final int direction;
    final Map<Long, Socket> sockets = new TreeMap<>();
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

    @Nullable Session session;

    SessionEvent.@Nullable Ended ended;
    private boolean stopped;
    private boolean working;
    private long timerAt = Long.MAX_VALUE;
    private long lastTurnAt;
    private int idleTurns;
    long timeouts;

    /** @param direction in which this end sends */
    Endpoint(World world, int direction) {
        this.world = world;
        this.direction = direction;
    }

    long now() {
        return world.agenda.now();
    }

    // The process.

    /** Does something in the process of this end, as soon as that runs, and what follows from it. */
    void run(Runnable action) {
        if (stopped) {
            waiting.add(action);
            return;
        }
        action.run();
        turn();
    }

    void stop() {
        stopped = true;
    }

    /** What came in while the process was stopped is found all at once, and so are the timers that ran out. */
    void goOn(boolean timersFirst) {
        stopped = false;
        if (timersFirst && timerAt <= now()) {
            timeOut();
        }
        while (!waiting.isEmpty() && !stopped) {
            run(waiting.remove());
        }
        if (timerAt <= now() && !stopped) {
            timeOut();
        }
        arm();
    }

    boolean isStopped() {
        return stopped;
    }

    // The driver.

    void turn() {
        Session current = session;
        if (working || current == null) {
            return;
        }
        working = true;
        try {
            tellEvents(current);
            do {
                fillAll(current);
            } while (tellEvents(current));
        } finally {
            working = false;
        }
        world.model.turned(this, current);
        countTurn();
        arm();
    }

    private boolean tellEvents(Session current) {
        boolean any = false;
        for (SessionEvent event = current.pollEvent(); event != null; event = current.pollEvent()) {
            any = true;
            SessionEvent told = event;
            world.trace(() -> this + " " + told);
            tell(current, event);
        }
        return any;
    }

    private void tell(Session current, SessionEvent event) {
        if (event instanceof SessionEvent.PathDown down) {
            Socket socket = sockets.get(down.path());
            if (socket != null) {
                fill(current, socket);
                close(socket);
            }
        } else if (event instanceof SessionEvent.Ended end) {
            ended = end;
            for (Socket each : new ArrayList<>(sockets.values())) {
                fill(current, each);
                each.finish();
            }
        }
        world.model.happened(this, event);
        onEvent(event);
    }

    /** What else an end does about an event. */
    void onEvent(SessionEvent event) {}

    private void fillAll(Session current) {
        for (Socket each : new ArrayList<>(sockets.values())) {
            fill(current, each);
        }
    }

    private void fill(Session current, Socket socket) {
        while (socket.isWritable()) {
            Frame frame = current.pollFrame(socket.path(), now());
            if (frame == null) {
                return;
            }
            ByteBuf flight = world.allocator.buffer(512);
            while (frame != null) {
                Frame leaving = frame;
                world.trace(() -> this + " " + socket + " -> " + Trace.text(leaving));
                if (!socket.swallows() || frame instanceof Ping || frame instanceof Pong) {
                    frame.write(flight);
                }
                frame.release();
                frame = flight.readableBytes() < FLIGHT ? current.pollFrame(socket.path(), now()) : null;
            }
            socket.send(flight);
        }
        current.handleRefusal(socket.path());
    }

    void setStanding(long path, int standing) {
        Session current = session;
        if (current != null) {
            current.setStanding(path, PathStanding.of(standing));
        }
    }

    void probeAll() {
        Session current = session;
        if (current != null) {
            current.probeAll(now());
        }
    }

    // Time.

    private void arm() {
        Session current = session;
        if (current == null) {
            return;
        }
        long next = current.nextTimeout();
        if (next < timerAt) {
            timerAt = next;
            world.agenda.at(next, () -> {
                if (timerAt <= now() && !stopped) {
                    timeOut();
                }
            });
        }
    }

    private void timeOut() {
        timerAt = Long.MAX_VALUE;
        timeouts++;
        Session current = session;
        if (current != null) {
            current.handleTimeout(now());
            turn();
        }
    }

    private void countTurn() {
        idleTurns = now() == lastTurnAt ? idleTurns + 1 : 0;
        lastTurnAt = now();
        if (idleTurns > MAX_IDLE_TURNS) {
            throw new SimulationFailure(this + " is busy without time passing");
        }
    }

    // Paths.

    /** This end of a connection, once it is a path. */
    void bind(Socket socket, long path) {
        socket.bind(path);
        sockets.put(path, socket);
    }

    /** The connection is gone. */
    void closed(Socket socket, ErrorCode code, String text) {
        world.trace(() -> this + " " + socket + " closed: " + text);
        sockets.remove(socket.path());
        Session current = session;
        if (current != null && socket.path() >= 0) {
            current.handlePathDown(socket.path(), code, text, now());
        }
    }

    private void close(Socket socket) {
        sockets.remove(socket.path());
        socket.close();
    }

    /** Gives back what waits for a process that will not go on. */
    void discardWaiting() {
        stopped = false;
        waiting.forEach(Runnable::run);
        waiting.clear();
    }

    List<Socket> openSockets() {
        return new ArrayList<>(sockets.values());
    }

    void dispose() {
        Session current = session;
        if (current != null) {
            current.dispose();
        }
    }

    @Override
    public String toString() {
        return direction == Link.UP ? "client " : "gateway";
    }
}

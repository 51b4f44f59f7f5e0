package holdfast.simulation;

import holdfast.frame.Frame;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.StreamKind;
import holdfast.session.Session;
import holdfast.session.SessionAudit;
import holdfast.session.SessionEvent;
import holdfast.session.SessionState;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One seed, from the first dial to the last buffer. */
final class Simulation {
    /** How long a session without work is watched. */
    private static final long IDLE_TIME = 600 * Agenda.SECOND;

    /** What was sent by slow paths too, and is not needed any more, has arrived by then. */
    private static final long CALM_DOWN = 60 * Agenda.SECOND;

    private final World world;
    private final GatewayEnd gateway;
    private final ClientEnd client;
    private final Weather weather;

    private Simulation(Scenario scenario, Dice dice, Consumer<Wire> onWire, @Nullable Appendable trace) {
        world = new World(scenario, dice, trace);
        gateway = new GatewayEnd(world);
        client = new ClientEnd(world, gateway, scenario.links());
        weather = new Weather(world, client, gateway);
        client.onWire(onWire.andThen(weather::onNewWire));
    }

    /**
     * Plays a seed.
     *
     * @param trace where each line of what happens goes
     * @return what it came to
     * @throws AssertionError where something came out that must not
     */
    static Outcome play(long seed, @Nullable Appendable trace) {
        Dice dice = new Dice(seed);
        return new Simulation(Scenario.draw(dice.split()), dice, wire -> {}, trace).play();
    }

    /**
     * Plays a scenario.
     *
     * @param onWire looks at each new connection first, in the order in which they are made
     */
    static Outcome play(Scenario scenario, long seed, Consumer<Wire> onWire) {
        return new Simulation(scenario, new Dice(seed), onWire, null).play();
    }

    private Outcome play() {
        world.trace(world.scenario::toString);
        planStreams();
        client.run(client::begin);
        weather.begin();
        while (!weather.isOver()) {
            world.agenda.runNext(world.agenda.now() + Agenda.SECOND);
        }
        if (world.scenario.ending() == Scenario.Ending.EXPIRED) {
            expire();
        } else {
            finish();
            close();
        }
        Outcome outcome = new Outcome(world.elapsed(), world.model.delivered, world.model.streams());
        drain();
        client.dispose();
        gateway.dispose();
        long used = world.allocator.metric().usedHeapMemory();
        require(used == 0, used + " bytes of buffers were not given back");
        return outcome;
    }

    private void planStreams() {
        Dice dice = world.dice.split();
        Scenario scenario = world.scenario;
        world.model.expect(scenario.streams());
        for (int i = 0; i < scenario.streams(); i++) {
            boolean byClient = dice.chance(0.85);
            Endpoint opener = byClient ? client : gateway;
            Plan first = Plan.draw(dice, scenario.maxBytes(), scenario.calmPrograms(), false);
            Plan second = Plan.draw(dice, scenario.maxBytes(), scenario.calmPrograms(), first.finishesLast());
            boolean udp = dice.chance(0.1);
            int datagrams = udp ? dice.between(1, 20) : 0;
            Program opening = new Program(world, opener, first.withDatagrams(datagrams), true);
            Program accepting = new Program(world, byClient ? gateway : client, second.withDatagrams(datagrams), false);
            int urgency = dice.chance(0.7) ? 3 : dice.between(0, 7);
            long at = dice.chance(0.5) ? 0 : dice.between(0, scenario.stormNanos());
            world.agenda.in(at, () -> open(opener, opening, accepting, udp ? StreamKind.UDP : StreamKind.TCP, urgency));
        }
    }

    private void open(Endpoint opener, Program opening, Program accepting, StreamKind kind, int urgency) {
        if (opener.session == null) {
            // The gateway can open streams only once it has heard of the client.
            world.agenda.in(100 * Agenda.MILLIS, () -> open(opener, opening, accepting, kind, urgency));
            return;
        }
        opener.run(() -> {
            if (opener.ended == null) {
                long id = opening.open(kind, urgency);
                world.model.opened(id, opening, accepting, opener.direction);
            }
        });
    }

    /** All programs come to their end, and both ends to rest. */
    private void finish() {
        long end = world.agenda.now() + world.scenario.patience();
        while (!isAtRest() && world.agenda.runNext(end)) {
            require(client.ended == null, "the client's session ended: " + client.ended);
            require(gateway.ended == null, "the gateway's session ended: " + gateway.ended);
        }
        if (!world.model.isDone()) {
            throw new SimulationFailure(
                    "not everything came to its end:\n" + world.model.unfinished() + state(client) + state(gateway));
        }
        require(isAtRest(), "no rest although all programs are done:\n" + state(client) + state(gateway));
        Session one = session(client);
        Session other = session(gateway);
        SessionAudit.checkIdle(one);
        SessionAudit.checkIdle(other);
        SessionAudit.checkCredit(one, other);
        SessionAudit.checkCredit(other, one);
        idle();
        SessionAudit.checkStandings(one, other);
        require(
                client.addresses().equals(gateway.addresses()),
                "the gateway is reached at " + gateway.addresses() + ", the client knows " + client.addresses());
    }

    private boolean isAtRest() {
        return world.model.isDone()
                && client.session != null
                && gateway.session != null
                && SessionAudit.isAtRest(client.session)
                && SessionAudit.isAtRest(gateway.session);
    }

    /** A session without work costs next to nothing. */
    private void idle() {
        runIdle(CALM_DOWN);
        long before = client.timeouts + gateway.timeouts;
        runIdle(IDLE_TIME);
        long timeouts = client.timeouts + gateway.timeouts - before;
        require(timeouts <= 600, timeouts + " timeouts of a session without work");
        require(client.isUp(), "no path is up although nothing is in its way");
        SessionAudit.checkIdle(session(client));
        SessionAudit.checkIdle(session(gateway));
    }

    private void runIdle(long nanos) {
        long end = world.agenda.now() + nanos;
        while (world.agenda.runNext(end)) {
            require(client.ended == null && gateway.ended == null, "the session ended while it was idle");
        }
    }

    private void close() {
        // The farewell is said once: it must not meet a cut that is still to come, nor a path that swallows it.
        world.scenario.links().forEach(link -> link.wires().forEach(Wire::mend));
        Endpoint closer = world.scenario.ending() == Scenario.Ending.CLOSED ? client : gateway;
        Endpoint other = closer == client ? gateway : client;
        closer.run(() -> session(closer).close(ErrorCode.SHUTDOWN, "done", world.agenda.now()));
        requireEnd(closer, ErrorCode.SHUTDOWN, false);
        long end = world.agenda.now() + 30 * Agenda.SECOND;
        while (other.ended == null && world.agenda.runNext(end)) {}
        requireEnd(other, ErrorCode.SHUTDOWN, true);
    }

    /** Every link is down for longer than the gateway holds a session: both ends learn that it is over. */
    private void expire() {
        world.agenda.runNext(world.agenda.now() + 5 * Agenda.SECOND);
        if (gateway.session == null) {
            return;
        }
        world.scenario.links().forEach(each -> {
            each.block(Link.UP);
            each.block(Link.DOWN);
        });
        // A path without traffic is found out by a probe.
        long end = world.agenda.now() + 200 * Agenda.SECOND;
        while (gateway.ended == null && world.agenda.runNext(end)) {}
        requireEnd(gateway, ErrorCode.HOLD_EXPIRED, false);
        world.scenario.links().forEach(each -> {
            each.unblock(Link.UP);
            each.unblock(Link.DOWN);
        });
        end = world.agenda.now() + 200 * Agenda.SECOND;
        while (client.ended == null && world.agenda.runNext(end)) {}
        requireEnd(client, ErrorCode.SESSION_GONE, true);
    }

    private static void requireEnd(Endpoint end, ErrorCode code, boolean byPeer) {
        SessionEvent.Ended ended = end.ended;
        require(ended != null, end + "'s session has not ended");
        require(
                ended != null && ended.code() == code && ended.byPeer() == byPeer,
                end + "'s session ended otherwise: " + ended);
        require(session(end).state() == SessionState.CLOSED, end + "'s session is not closed");
    }

    /** What is still on its way is given back on arrival. */
    private void drain() {
        world.scenario.links().forEach(each -> List.copyOf(each.wires()).forEach(Wire::breakSilently));
        client.openSockets().forEach(Socket::close);
        gateway.openSockets().forEach(Socket::close);
        gateway.strangers().forEach(Socket::close);
        client.discardWaiting();
        gateway.discardWaiting();
        world.echoes.forEach(Frame::release);
    }

    private static Session session(Endpoint end) {
        Session session = end.session;
        if (session == null) {
            throw new SimulationFailure("there is no session at the " + end);
        }
        return session;
    }

    private static String state(Endpoint end) {
        Session session = end.session;
        return end + ": " + (session == null ? "no session" : SessionAudit.describe(session)) + "\n";
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new SimulationFailure(what);
        }
    }
}

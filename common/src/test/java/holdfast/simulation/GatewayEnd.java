package holdfast.simulation;

import holdfast.frame.Frame;
import holdfast.frame.Hello;
import holdfast.frame.Join;
import holdfast.frame.Refused;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import holdfast.protocol.SessionId;
import holdfast.protocol.SessionRandom;
import holdfast.session.Session;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The gateway: finds or makes the session that the first frame of a connection asks for. */
final class GatewayEnd extends Endpoint {
    private @Nullable SessionRandom known;
    /** The last frame that joined a path, for who wants to say it again. */
    @Nullable Frame lastGreeting;

    private final Set<String> addresses = new TreeSet<>(Set.of("g:1"));
    private final List<Socket> strangers = new ArrayList<>();

    GatewayEnd(World world) {
        super(world, Link.DOWN);
    }

    /** The gateway has a further address, or lost one; the client hears of it. */
    void changeAddresses() {
        Session current = session;
        if (current == null || ended != null) {
            return;
        }
        String address = "g:" + world.dice.between(1, 5);
        boolean added = addresses.add(address);
        if (!added) {
            addresses.remove(address);
        }
        world.trace(() -> this + " has " + addresses);
        current.announceAddress(address, added);
    }

    /** Where this gateway is reached. */
    Set<String> addresses() {
        return addresses;
    }

    /** A client connected. */
    void connected(Wire wire) {
        strangers.add(new Socket(this, wire));
    }

    /** Connections that are no paths, or were none at first. */
    List<Socket> strangers() {
        return strangers;
    }

    /** The first frame of a connection, which the gateway may have to think about. */
    void greet(Socket socket, Frame frame, int length) {
        long thinking = world.dice.chance(0.5) ? 0 : world.dice.magnitude(1, 50) * Agenda.MILLIS;
        if (thinking == 0) {
            answer(socket, frame, length);
            return;
        }
        socket.hold();
        world.agenda.in(
                thinking,
                () -> run(() -> {
                    if (!socket.isClosed()) {
                        answer(socket, frame, length);
                        socket.goOn();
                    }
                }));
    }

    private void answer(Socket socket, Frame frame, int length) {
        try {
            if (frame instanceof Hello hello) {
                lastGreeting = hello;
                sessionFor(hello).handleHello(hello, length, now());
                bind(socket, hello.path());
            } else if (frame instanceof Join join) {
                lastGreeting = join;
                sessionFor(join).handleJoin(join, length, now());
                bind(socket, join.path());
            } else {
                throw new SimulationFailure("a connection starts with " + frame);
            }
        } catch (ProtocolException e) {
            world.trace(() -> this + " " + socket + " refused: " + e.getMessage());
            ByteBuf refusal = world.allocator.buffer();
            new Refused(e.code(), String.valueOf(e.getMessage())).write(refusal);
            socket.send(refusal);
            socket.ignore();
            socket.finish();
        }
    }

    private Session sessionFor(Hello hello) {
        Session found = session;
        if (found != null && hello.random().equals(Objects.requireNonNull(known))) {
            return found;
        }
        if (found != null) {
            throw new SimulationFailure("a second session was asked for");
        }
        known = hello.random();
        byte[] bytes = new byte[SessionId.LENGTH];
        world.dice.fill(bytes);
        byte[] random = new byte[SessionRandom.LENGTH];
        world.dice.fill(random);
        Session made = Session.gateway(
                world.scenario.gateway(),
                world.allocator,
                SessionId.of(bytes),
                SessionRandom.of(random),
                List.of("g:1"),
                now());
        session = made;
        return made;
    }

    private Session sessionFor(Join join) throws ProtocolException {
        Session found = session;
        if (found == null || !Optional.of(join.session()).equals(found.id()) || ended != null) {
            throw ProtocolException.path(ErrorCode.SESSION_GONE, "no such session");
        }
        return found;
    }
}

package holdfast.simulation;

import holdfast.protocol.PathStanding;
import holdfast.protocol.SessionRandom;
import holdfast.session.Session;
import holdfast.session.SessionEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The client, with a simple dialer: whenever no path is up, or just one on each link is wanted, it dials. */
final class ClientEnd extends Endpoint {
    private static final int MAX_WIRES = 6;
    private static final long REDIAL = 100 * Agenda.MILLIS;

    private final GatewayEnd gateway;
    private final List<Link> links;
    private final Set<Link> dialing = new HashSet<>();
    private final Set<Long> up = new HashSet<>();
    private final Set<String> addresses = new TreeSet<>();
    private Consumer<Wire> onWire = wire -> {};
    private int wires;
    private int nextLink;
    private boolean redialPlanned;

    ClientEnd(World world, GatewayEnd gateway, List<Link> links) {
        super(world, Link.UP);
        this.gateway = gateway;
        this.links = links;
    }

    /** Who looks at each new connection first. */
    void onWire(Consumer<Wire> who) {
        onWire = who;
    }

    void begin() {
        byte[] random = new byte[SessionRandom.LENGTH];
        world.dice.fill(random);
        session = Session.client(
                world.scenario.client(), world.allocator, SessionRandom.of(random), Optional.empty(), now());
        dialWhatIsMissing();
    }

    @Override
    void onEvent(SessionEvent event) {
        if (event instanceof SessionEvent.PathUp path) {
            up.add(path.path());
        } else if (event instanceof SessionEvent.PathTrusted path) {
            up.add(path.path());
        } else if (event instanceof SessionEvent.PathSuspected path) {
            up.remove(path.path());
            dialWhatIsMissing();
        } else if (event instanceof SessionEvent.PathDown path) {
            up.remove(path.path());
            redial();
        } else if (event instanceof SessionEvent.Established established) {
            addresses.addAll(established.addresses());
        } else if (event instanceof SessionEvent.AddressChanged change) {
            if (change.added()) {
                addresses.add(change.address());
            } else {
                addresses.remove(change.address());
            }
        }
    }

    /** Where the gateway is reached, as far as this end knows. */
    Set<String> addresses() {
        return addresses;
    }

    boolean isUp() {
        return !up.isEmpty();
    }

    private void redial() {
        if (!redialPlanned && ended == null) {
            redialPlanned = true;
            world.agenda.in(world.dice.between(REDIAL / 10, 3 * REDIAL), () -> {
                redialPlanned = false;
                run(this::dialWhatIsMissing);
            });
        }
    }

    private void dialWhatIsMissing() {
        if (ended != null) {
            return;
        }
        if (world.scenario.usesAllLinks()) {
            links.stream().filter(each -> !hasSocket(each)).forEach(this::dial);
        }
        if (up.isEmpty()) {
            if (dialing.isEmpty()) {
                dial(links.get(nextLink++ % links.size()));
            }
            redial();
        }
    }

    /** Most are as good as the others. */
    private PathStanding standing() {
        return PathStanding.of(world.dice.chance(0.8) ? 0 : world.dice.between(1, 2));
    }

    private boolean hasSocket(Link link) {
        return sockets.values().stream().anyMatch(each -> each.wire().link() == link);
    }

    /** Two round trips for the transport's own handshake, and some links take their time. */
    private void dial(Link link) {
        if (sockets.size() + dialing.size() >= MAX_WIRES || !dialing.add(link)) {
            redial();
            return;
        }
        long slow = world.dice.chance(0.1) ? world.dice.magnitude(10, 2000) * Agenda.MILLIS : 0;
        world.agenda.in(4 * link.delay() + slow, () -> run(() -> dialed(link)));
    }

    private void dialed(Link link) {
        dialing.remove(link);
        Session current = session;
        if (ended != null || current == null) {
            return;
        }
        if (link.isBlocked()) {
            redial();
            return;
        }
        Wire wire = new Wire(world.agenda, world.dice, link, link + " #" + wires++);
        onWire.accept(wire);
        Socket socket = new Socket(this, wire);
        gateway.connected(wire);
        bind(socket, current.startPath(standing(), now()));
        world.trace(() -> this + " " + socket + " starts");
    }
}

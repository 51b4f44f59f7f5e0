package holdfast.simulation;

import java.util.ArrayList;
import java.util.List;

/** Everything that goes wrong, until the storm is over. */
final class Weather {
    private final World world;
    private final Dice dice;
    private final ClientEnd client;
    private final GatewayEnd gateway;
    private final boolean cutsHandshakes;
    private boolean over;

    Weather(World world, ClientEnd client, GatewayEnd gateway) {
        this.world = world;
        this.dice = world.dice.split();
        this.client = client;
        this.gateway = gateway;
        this.cutsHandshakes = world.scenario.faults() > 0 && dice.chance(0.3);
    }

    void begin() {
        for (int i = 0; i < world.scenario.faults(); i++) {
            world.agenda.in(dice.between(0, world.scenario.stormNanos()), this::strike);
        }
        world.agenda.in(world.scenario.stormNanos(), this::clearUp);
    }

    /** What has not broken by now stays whole. */
    private void clearUp() {
        over = true;
        world.scenario.links().forEach(link -> link.wires().forEach(Wire::stayWhole));
    }

    boolean isOver() {
        return over;
    }

    /** Cuts some connections at a byte of their first frames. */
    void onNewWire(Wire wire) {
        if (!over && cutsHandshakes && dice.chance(0.6)) {
            int direction = dice.between(0, 1);
            long at = dice.magnitude(1, 600);
            world.trace(
                    () -> "weather: " + wire + " will break behind byte " + at + (direction == 0 ? " up" : " down"));
            if (dice.chance(0.2)) {
                wire.staySilent();
            }
            wire.pipe(direction).breakAfter(at);
        }
    }

    private void strike() {
        switch (dice.weighted(30, 25, 10, 10, 8, 5, 7, 5, 6)) {
            case 0 -> cut();
            case 1 -> blackHole(anyLink());
            case 2 -> blackOut();
            case 3 -> freeze(dice.chance(0.5) ? client : gateway);
            case 4 -> changeStanding();
            case 5 -> probe();
            case 6 -> swallow();
            case 7 -> gateway.run(gateway::changeAddresses);
            default -> cutLater();
        }
    }

    private void cut() {
        for (Wire wire : anyWire()) {
            boolean silently = dice.chance(0.3);
            world.trace(() -> "weather: " + wire + " breaks" + (silently ? " silently" : ""));
            if (silently) {
                wire.breakSilently();
            } else {
                wire.breakNow();
            }
        }
    }

    private void cutLater() {
        for (Wire wire : anyWire()) {
            long bytes = dice.magnitude(1, 50_000);
            world.trace(() -> "weather: " + wire + " will break " + bytes + " bytes later");
            wire.pipe(dice.between(0, 1)).breakAfter(bytes);
        }
    }

    private void blackHole(Link link) {
        int which = dice.weighted(2, 1, 1);
        long nanos = dice.magnitude(5, 10_000) * Agenda.MILLIS;
        world.trace(() -> "weather: " + link + " is a black hole "
                + (which == 0 ? "both ways" : which == 1 ? "up" : "down") + " for " + nanos / Agenda.MILLIS + " ms");
        for (int direction = 0; direction < 2; direction++) {
            if (which == 0 || which == direction + 1) {
                int blocked = direction;
                link.block(blocked);
                world.agenda.in(nanos, () -> {
                    world.trace(() -> "weather: " + link + " lets bytes through");
                    link.unblock(blocked);
                });
            }
        }
    }

    /** Every link at once. */
    private void blackOut() {
        world.scenario.links().forEach(this::blackHole);
    }

    private void freeze(Endpoint end) {
        if (end.isStopped()) {
            return;
        }
        long nanos = dice.magnitude(10, 10_000) * Agenda.MILLIS;
        world.trace(() -> "weather: " + end + " stands still for " + nanos / Agenda.MILLIS + " ms");
        end.stop();
        boolean timersFirst = dice.chance(0.5);
        world.agenda.in(nanos, () -> {
            world.trace(() -> "weather: " + end + " goes on");
            end.goOn(timersFirst);
        });
    }

    private void changeStanding() {
        Endpoint end = dice.chance(0.5) ? client : gateway;
        List<Socket> sockets = end.openSockets();
        if (!sockets.isEmpty()) {
            long path = sockets.get(dice.between(0, sockets.size() - 1)).path();
            int standing = dice.between(0, 2);
            end.run(() -> end.setStanding(path, standing));
        }
    }

    private void probe() {
        Endpoint end = dice.chance(0.5) ? client : gateway;
        end.run(end::probeAll);
    }

    private void swallow() {
        for (Wire wire : anyWire()) {
            int direction = dice.between(0, 1);
            world.trace(() -> "weather: " + wire + " swallows all but pings " + (direction == 0 ? "up" : "down"));
            wire.swallow(direction, true);
        }
    }

    private Link anyLink() {
        List<Link> links = world.scenario.links();
        return links.get(dice.between(0, links.size() - 1));
    }

    /** One, or none where there is none. */
    private List<Wire> anyWire() {
        List<Wire> all = new ArrayList<>();
        world.scenario.links().forEach(each -> all.addAll(each.wires()));
        return all.isEmpty() ? all : List.of(all.get(dice.between(0, all.size() - 1)));
    }
}

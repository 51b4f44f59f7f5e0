package holdfast.simulation;

import holdfast.session.SessionConfig;
import java.util.ArrayList;
import java.util.List;

/** What one seed stands for: the links, what the ends allow, what the programs want, and how bad the weather is. */
final class Scenario {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long HOUR = 3600 * Agenda.SECOND;

    /** How a session is to end. */
    enum Ending {
        /** The client closes it when all is done. */
        CLOSED,
        /** The gateway closes it when all is done. */
        CLOSED_BY_GATEWAY,
        /** No path for so long that the gateway gives up. */
        EXPIRED
    }

    private final List<Link> links = new ArrayList<>();
    private final SessionConfig client;
    private final SessionConfig gateway;
    private final boolean usesAllLinks;
    private final Ending ending;
    private final int streams;
    private final long maxBytes;
    private final int faults;
    private final long stormNanos;
    private final int auditEvery;
    private final boolean calmPrograms;

    Scenario(Dice dice) {
        int size = dice.weighted(600, 300, 80, 20);
        int linkCount = 1 + dice.weighted(50, 30, 12, 8);
        for (int i = 0; i < linkCount; i++) {
            links.add(link(dice, i, size));
        }
        ending = Ending.values()[dice.weighted(80, 15, 5)];
        long hold = ending == Ending.EXPIRED ? 5 * Agenda.SECOND : 24 * HOUR;
        client = config(dice, 24 * HOUR);
        gateway = config(dice, hold);
        usesAllLinks = dice.chance(0.5);
        streams = switch (size) {
            case 0 -> dice.between(1, 4);
            case 1 -> dice.between(1, 12);
            case 2 -> dice.between(1, 3);
            default -> dice.between(200, 1500);
        };
        maxBytes = switch (size) {
            case 0 -> 20 * KIB;
            case 1 -> 100 * KIB;
            case 2 -> 2 * MIB;
            default -> 400;
        };
        faults = dice.weighted(1, 3) == 0 ? 0 : dice.magnitude(1, 12);
        stormNanos = dice.magnitude(100, 20_000) * Agenda.MILLIS;
        auditEvery = size == 3 ? 500 : 16;
        calmPrograms = dice.chance(0.3);
    }

    private static Link link(Dice dice, int number, int size) {
        long slowest = size == 2 ? 500 * KIB : 20 * KIB;
        return new Link(
                "link " + number,
                dice.magnitude(50L, 300_000) * 1000,
                dice.magnitude(slowest, 50 * MIB),
                dice.magnitude(2 * 1024, 256 * 1024));
    }

    private static SessionConfig config(Dice dice, long hold) {
        return new SessionConfig(
                256 * KIB,
                dice.magnitude(256 * KIB, 16 * MIB),
                MIB,
                dice.magnitude(MIB, 32 * MIB),
                dice.magnitude(MIB, 64 * MIB),
                dice.magnitude(16 * KIB, 8 * MIB),
                dice.magnitude(64 * KIB, 64 * MIB),
                dice.magnitude(64 * KIB, 8 * MIB),
                dice.chance(0.5) ? 1024 : 16_384,
                8,
                hold);
    }

    List<Link> links() {
        return links;
    }

    SessionConfig client() {
        return client;
    }

    SessionConfig gateway() {
        return gateway;
    }

    boolean usesAllLinks() {
        return usesAllLinks;
    }

    Ending ending() {
        return ending;
    }

    int streams() {
        return streams;
    }

    /** The most that one program writes. */
    long maxBytes() {
        return maxBytes;
    }

    int faults() {
        return faults;
    }

    /** How long things go wrong. */
    long stormNanos() {
        return stormNanos;
    }

    int auditEvery() {
        return auditEvery;
    }

    /** Whether no program ever abandons a stream. */
    boolean calmPrograms() {
        return calmPrograms;
    }

    /** After the storm: nanoseconds in which everything must have come to its end. */
    long patience() {
        long slowest = links.stream().mapToLong(Link::rate).min().orElseThrow();
        long bytes = 2L * streams * maxBytes;
        return 180 * Agenda.SECOND + 3 * bytes * Agenda.SECOND / slowest;
    }

    @Override
    public String toString() {
        return streams + " streams up to " + maxBytes + " bytes, " + faults + " faults in " + stormNanos / Agenda.MILLIS
                + " ms, " + (usesAllLinks ? "all of " : "one of ")
                + links.stream().map(Link::describe).toList() + ", " + ending;
    }
}

package holdfast.simulation;

import holdfast.session.SessionConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * What one simulation is about: the links, what the ends allow, what the programs want, and how bad the weather is.
 *
 * @param client what the client allows
 * @param gateway what the gateway allows
 * @param links the ways from one to the other
 * @param usesAllLinks whether the client wants a path on each, or just one
 * @param ending how the session is to end
 * @param streams how many there are in all
 * @param maxBytes the most that one program writes
 * @param calmPrograms whether no program ever abandons a stream
 * @param echoes whether frames that may be sent again arrive again, at any later time
 * @param faults how often something goes wrong
 * @param stormNanos for how long
 * @param auditEvery how many turns of a session go by between two thorough audits
 */
record Scenario(
        SessionConfig client,
        SessionConfig gateway,
        List<Link> links,
        boolean usesAllLinks,
        Ending ending,
        int streams,
        int maxBytes,
        boolean calmPrograms,
        boolean echoes,
        int faults,
        long stormNanos,
        int auditEvery) {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
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

    /** How much there is to do. */
    private enum Size {
        TINY(20 * KIB, 1, 4),
        SMALL(100 * KIB, 1, 12),
        LARGE(4 * MIB, 1, 3),
        MANY(400, 200, 1500);

        final int maxBytes;
        final int minStreams;
        final int maxStreams;

        Size(int maxBytes, int minStreams, int maxStreams) {
            this.maxBytes = maxBytes;
            this.minStreams = minStreams;
            this.maxStreams = maxStreams;
        }
    }

    static Scenario draw(Dice dice) {
        Size size = Size.values()[dice.weighted(600, 300, 90, 10)];
        boolean large = size == Size.LARGE;
        Ending ending = Ending.values()[dice.weighted(80, 15, 5)];
        int linkCount = 1 + dice.weighted(50, 30, 12, 8);
        List<Link> links = new ArrayList<>();
        for (int i = 0; i < linkCount; i++) {
            links.add(link(dice, i, large));
        }
        return new Scenario(
                config(dice, 24 * HOUR),
                config(dice, ending == Ending.EXPIRED ? 5 * Agenda.SECOND : 24 * HOUR),
                List.copyOf(links),
                dice.chance(0.5),
                ending,
                dice.between(size.minStreams, size.maxStreams),
                size.maxBytes,
                dice.chance(0.3),
                dice.chance(0.15),
                dice.chance(0.25) ? 0 : dice.magnitude(1, large ? 40 : 12),
                dice.magnitude(100, large ? 5000 : 20_000) * Agenda.MILLIS,
                size == Size.MANY ? 500 : 16);
    }

    /** One good link, and nothing goes wrong by itself. */
    static Scenario calm(int streams, int maxBytes, List<Link> links) {
        return new Scenario(
                SessionConfig.forClient(),
                SessionConfig.forGateway(),
                links,
                true,
                Ending.CLOSED,
                streams,
                maxBytes,
                true,
                false,
                0,
                20 * Agenda.MILLIS,
                1);
    }

    /** Much to send needs room on its way, or no credit is ever used up. */
    private static Link link(Dice dice, int number, boolean wide) {
        return new Link(
                "link " + number,
                dice.magnitude(50L, 300_000) * 1000,
                dice.magnitude((wide ? 500L : 20L) * KIB, 50 * MIB),
                dice.magnitude(wide ? 32 * KIB : 2 * KIB, wide ? 4 * MIB : 256 * KIB));
    }

    private static SessionConfig config(Dice dice, long hold) {
        return new SessionConfig(
                256 * KIB,
                dice.magnitude(256L * KIB, 16 * MIB),
                MIB,
                dice.magnitude((long) MIB, 32 * MIB),
                dice.magnitude((long) MIB, 64 * MIB),
                dice.magnitude(16L * KIB, 8 * MIB),
                dice.magnitude(64L * KIB, 64 * MIB),
                dice.magnitude(64L * KIB, 8 * MIB),
                dice.chance(0.5) ? 1024 : 16_384,
                8,
                hold);
    }

    /** After the storm: nanoseconds in which everything must have come to its end. */
    long patience() {
        long slowest = links.stream().mapToLong(Link::rate).min().orElseThrow();
        long bytes = 2L * streams * maxBytes;
        // A program that pauses before every read gets no more than a small frame each time.
        long slowReader = maxBytes / 1200 * Plan.LONGEST_READ_PAUSE;
        return 180 * Agenda.SECOND + slowReader + 3 * bytes * Agenda.SECOND / slowest;
    }

    @Override
    public String toString() {
        return streams + " streams up to " + maxBytes + " bytes, " + faults + " faults in "
                + stormNanos / Agenda.MILLIS + " ms, " + (usesAllLinks ? "all of " : "one of ")
                + links.stream().map(Link::describe).toList() + ", " + ending;
    }
}

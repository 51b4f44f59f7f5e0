package holdfast.driver;

import holdfast.console.Counters;

/** What is counted of the sessions of a program, at either end. */
public final class SessionCounters {
    private static final long MILLI = 1_000_000;

    private final Counters.Counter sessions;
    private final Counters.Counter lostSessions;
    private final Counters.Counter pathsJoined;
    private final Counters.Counter pathsLost;
    private final Counters.Counter resumes;
    private final Counters.Counter outageMillis;
    private final Counters.Counter streamsSaved;
    private final Counters.Counter streamsLost;

    /** Registers them. */
    public SessionCounters(Counters counters) {
        sessions = counters.counter("sessions_started", "sessions that were started");
        lostSessions = counters.counter("sessions_lost", "sessions that ended with streams in them");
        pathsJoined = counters.counter("paths_joined", "paths that joined a session");
        pathsLost = counters.counter("paths_lost", "paths that were over, for whatever reason");
        resumes = counters.counter("session_resumes", "outages of all paths that a session has lived through");
        outageMillis = counters.counter("session_outage_milliseconds", "how long those outages were, in all");
        streamsSaved = counters.counter("streams_saved", "streams that were open in those outages and went on");
        streamsLost = counters.counter("streams_lost", "streams that were open when their session ended");
    }

    public void started() {
        sessions.increment();
    }

    public void pathJoined() {
        pathsJoined.increment();
    }

    public void pathLost() {
        pathsLost.increment();
    }

    /** A session has a path again, after so long, with so many streams open. */
    public void resumed(long outageNanos, int streams) {
        resumes.increment();
        outageMillis.add(outageNanos / MILLI);
        streamsSaved.add(streams);
    }

    /** A session is over, with so many streams open. */
    public void ended(int lostStreams) {
        if (lostStreams > 0) {
            lostSessions.increment();
            streamsLost.add(lostStreams);
        }
    }

    /** Outages that were survived. */
    public long resumes() {
        return resumes.value();
    }
}

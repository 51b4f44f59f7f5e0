package holdfast.client.session;

import holdfast.driver.LostStream;
import holdfast.driver.SessionCounters;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.SessionId;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens to the client's sessions and paths, as one line of the log each, and in numbers. Belongs to the client's event loop. */
final class SessionLog {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.session");
    private static final Logger PATH_LOG = LoggerFactory.getLogger("holdfast.path");
    private static final long MILLI = 1_000_000;

    /** Streams of a lost session that get a line of their own. */
    private static final int MAX_LINES = 1000;

    private final String login;
    private final SessionCounters counters;
    private long lastOutageMillis;
    private OptionalLong detachedAt = OptionalLong.empty();

    /** @param login whose gateway it is */
    SessionLog(String login, SessionCounters counters) {
        this.login = login;
        this.counters = counters;
    }

    /** How long the last outage of all paths was, in milliseconds; 0 where there was none. */
    long lastOutageMillis() {
        return lastOutageMillis;
    }

    /** For how long there has been no path, in milliseconds; 0 where there is one. */
    long outageMillis(long now) {
        return detachedAt.isPresent() ? Math.max(1, (now - detachedAt.getAsLong()) / MILLI) : 0;
    }

    long resumes() {
        return counters.resumes();
    }

    void established(SessionId id) {
        counters.started();
        LOG.atInfo().addKeyValue("login", login).addKeyValue("session", id).log("session.established");
    }

    void pathUp(long path, String route) {
        counters.pathJoined();
        PATH_LOG.atInfo()
                .addKeyValue("login", login)
                .addKeyValue("path", path)
                .addKeyValue("route", route)
                .log("path.up");
    }

    void pathSuspected(long path) {
        PATH_LOG.atInfo().addKeyValue("login", login).addKeyValue("path", path).log("path.suspected");
    }

    void pathTrusted(long path) {
        PATH_LOG.atInfo().addKeyValue("login", login).addKeyValue("path", path).log("path.trusted");
    }

    void pathDown(long path, ErrorCode code, String text) {
        counters.pathLost();
        PATH_LOG.atInfo()
                .addKeyValue("login", login)
                .addKeyValue("path", path)
                .addKeyValue("code", code)
                .addKeyValue("reason", text)
                .log("path.down");
    }

    void detached(int streams) {
        detachedAt = OptionalLong.of(System.nanoTime());
        LOG.atWarn().addKeyValue("login", login).addKeyValue("streams", streams).log("session.detached");
    }

    void resumed(long outageNanos, int streams) {
        detachedAt = OptionalLong.empty();
        counters.resumed(outageNanos, streams);
        lastOutageMillis = outageNanos / MILLI;
        LOG.atInfo()
                .addKeyValue("login", login)
                .addKeyValue("streams", streams)
                .addKeyValue("outage_ms", outageNanos / MILLI)
                .log("session.resumed");
    }

    void addressChanged(String address, boolean added) {
        LOG.atInfo()
                .addKeyValue("login", login)
                .addKeyValue("address", address)
                .log(added ? "gateway.address_added" : "gateway.address_removed");
    }

    /** Says of each stream that was lost where it went and how much of it the gateway has not got for certain. */
    void ended(ErrorCode code, String text, boolean byPeer, List<LostStream> lost) {
        detachedAt = OptionalLong.empty();
        counters.ended(lost.size());
        lost.stream()
                .limit(MAX_LINES)
                .forEach(each -> LOG.atWarn()
                        .addKeyValue("stream", each.id())
                        .addKeyValue("destination", each.request().destination())
                        .addKeyValue("undelivered_bytes", each.undelivered())
                        .log("stream.lost"));
        (lost.isEmpty() ? LOG.atInfo() : LOG.atWarn())
                .addKeyValue("login", login)
                .addKeyValue("code", code)
                .addKeyValue("reason", text)
                .addKeyValue("by", byPeer ? "gateway" : "client")
                .addKeyValue("lost_streams", lost.size())
                .addKeyValue(
                        "undelivered_bytes",
                        lost.stream().mapToLong(LostStream::undelivered).sum())
                .log("session.ended");
    }
}

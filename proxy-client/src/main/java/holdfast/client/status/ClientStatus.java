package holdfast.client.status;

import holdfast.client.session.SessionKeeper;
import holdfast.console.ControlHandler;
import holdfast.console.Counters;
import holdfast.console.Json;
import holdfast.driver.PathReport;
import holdfast.driver.SessionDriver;
import holdfast.protocol.SessionId;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Answers the status command of the control socket. */
public final class ClientStatus implements ControlHandler {
    private static final long PATIENCE_SECONDS = 5;

    private final EventLoop loop;
    private final SessionKeeper keeper;
    private final List<String> doors;
    private final List<String> forwards;
    private final boolean askPassword;
    private final Counters counters;

    /**
     * @param doors where programs find the proxy, for showing it
     * @param forwards where else it listens
     * @param askPassword whether the doors ask for a password
     */
    public ClientStatus(
            EventLoop loop,
            SessionKeeper keeper,
            List<String> doors,
            List<String> forwards,
            boolean askPassword,
            Counters counters) {
        this.counters = counters;
        this.loop = loop;
        this.keeper = keeper;
        this.doors = List.copyOf(doors);
        this.forwards = List.copyOf(forwards);
        this.askPassword = askPassword;
    }

    @Override
    public String answer(String command) {
        return switch (command) {
            case "status" -> text(ask());
            case "status --json" -> Json.write(ask());
            case "doors" -> askPassword ? "" : String.join("\n", doors);
            default ->
                throw new IllegalArgumentException(
                        "'" + command + "' is not a command; there are: status, status --json, doors");
        };
    }

    private Map<String, Object> ask() {
        try {
            return loop.submit(this::look).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the event loop does not answer", e);
        }
    }

    private Map<String, Object> look() {
        SessionDriver driver = keeper.driver();
        List<Object> paths = new ArrayList<>();
        for (PathReport each : driver.reportPaths()) {
            Map<String, Object> path = each.toMap();
            path.put("route", keeper.routeOf(each.id()).map(Object::toString).orElse(""));
            paths.add(path);
        }
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("session", driver.id().map(SessionId::brief).orElse(""));
        status.put("state", driver.state());
        status.put("agreed", keeper.agreement());
        status.put("streams", driver.streamCount());
        status.put("held_bytes", driver.heldBytes());
        status.put("resumes", keeper.resumes());
        status.put("last_outage_ms", keeper.lastOutageMillis());
        status.put("outage_ms", keeper.outageMillis());
        status.put("waiting", keeper.waiting());
        status.put("listening", doors);
        status.put("forwards", forwards);
        status.put("paths", paths);
        status.put("counters", counters.values());
        return status;
    }

    private static String text(Map<String, Object> status) {
        StringBuilder out = new StringBuilder();
        out.append("session  ")
                .append(status.get("session"))
                .append("  ")
                .append(status.get("state"))
                .append('\n');
        out.append("agreed   ").append(status.get("agreed")).append('\n');
        out.append("streams  ")
                .append(status.get("streams"))
                .append(", ")
                .append(status.get("held_bytes"))
                .append(" bytes held\n");
        out.append("outages  ").append(outages(status)).append('\n');
        out.append("listens  ")
                .append(String.join(" ", strings(status.get("listening"))))
                .append('\n');
        List<String> forwards = strings(status.get("forwards"));
        if (!forwards.isEmpty()) {
            out.append("forwards ").append(String.join(" ", forwards)).append('\n');
        }
        for (Object each : list(status.get("paths"))) {
            Map<?, ?> path = (Map<?, ?>) each;
            out.append(String.format(
                    Locale.ROOT,
                    "path %-3s %-8s %-8s rtt %7s ms  best %8.2f MB/s  sent %12s  received %12s  resent %9s  %s%n",
                    path.get("path"),
                    path.get("state"),
                    path.get("standing"),
                    path.get("rtt_ms"),
                    ((Number) Objects.requireNonNull(path.get("bytes_per_second"))).doubleValue() / 1e6,
                    path.get("sent"),
                    path.get("received"),
                    path.get("resent"),
                    path.get("route")));
        }
        return out.toString();
    }

    private static String outages(Map<String, Object> status) {
        String past = Objects.equals(status.get("resumes"), 0L)
                ? "none"
                : status.get("resumes") + " survived, the last of " + status.get("last_outage_ms") + " ms";
        return Objects.equals(status.get("outage_ms"), 0L)
                ? past
                : "no path for " + status.get("outage_ms") + " ms, " + status.get("streams") + " streams held, "
                        + status.get("waiting") + " connections wait; before that " + past;
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static List<String> strings(@Nullable Object value) {
        return list(value).stream().map(String::valueOf).toList();
    }
}

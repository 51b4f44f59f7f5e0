package holdfast.client.status;

import holdfast.client.gateways.GatewayChoice;
import holdfast.client.gateways.GatewaySessions;
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
    private final GatewaySessions sessions;
    private final GatewayChoice choice;
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
            GatewaySessions sessions,
            GatewayChoice choice,
            List<String> doors,
            List<String> forwards,
            boolean askPassword,
            Counters counters) {
        this.counters = counters;
        this.loop = loop;
        this.sessions = sessions;
        this.choice = choice;
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
            return loop.submit(this::lookAtAll).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the event loop does not answer", e);
        }
    }

    /** The first gateway's session stands for the client where there are several. */
    private Map<String, Object> lookAtAll() {
        SessionKeeper first = sessions.gateways().values().iterator().next();
        Map<String, Object> status = look(first);
        List<Object> paths = list(status.remove("paths"));
        status.put("waiting", first.waiting() + choice.waiting());
        status.put("listening", doors);
        status.put("forwards", forwards);
        status.put("paths", paths);
        status.put("counters", counters.values());
        List<Object> others = new ArrayList<>();
        sessions.gateways().values().stream().skip(1).forEach(each -> others.add(named(each.name(), each)));
        status.put("gateways", others);
        List<Object> relays = new ArrayList<>();
        sessions.relays().forEach((chain, each) -> relays.add(named(chain, each)));
        status.put("relays", relays);
        return status;
    }

    private static Map<String, Object> named(String name, SessionKeeper keeper) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("name", name);
        status.putAll(look(keeper));
        return status;
    }

    private static Map<String, Object> look(SessionKeeper keeper) {
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
        status.put("paths", paths);
        return status;
    }

    private static String text(Map<String, Object> status) {
        StringBuilder out = new StringBuilder();
        session(out, status);
        out.append("listens  ")
                .append(String.join(" ", strings(status.get("listening"))))
                .append('\n');
        List<String> forwards = strings(status.get("forwards"));
        if (!forwards.isEmpty()) {
            out.append("forwards ").append(String.join(" ", forwards)).append('\n');
        }
        paths(out, status);
        others(out, "gateway", status);
        others(out, "relay", status);
        return out.toString();
    }

    private static void others(StringBuilder out, String word, Map<String, Object> status) {
        for (Object each : list(status.get(word + "s"))) {
            Map<?, ?> other = (Map<?, ?>) each;
            out.append('\n').append(word).append("  ").append(other.get("name")).append('\n');
            session(out, other);
            paths(out, other);
        }
    }

    private static void session(StringBuilder out, Map<?, ?> status) {
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
    }

    private static void paths(StringBuilder out, Map<?, ?> status) {
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
    }

    private static String outages(Map<?, ?> status) {
        String past = Objects.equals(status.get("resumes"), 0L)
                ? "none"
                : status.get("resumes") + " survived, the last of " + status.get("last_outage_ms") + " ms";
        return Objects.equals(status.get("outage_ms"), 0L)
                ? past
                : "no path for " + status.get("outage_ms") + " ms, " + status.get("streams") + " streams held, "
                        + status.get("waiting") + " connections wait; before that " + past;
    }

    private static List<Object> list(@Nullable Object value) {
        return value instanceof List<?> list ? new ArrayList<>(list) : List.of();
    }

    private static List<String> strings(@Nullable Object value) {
        return list(value).stream().map(String::valueOf).toList();
    }
}

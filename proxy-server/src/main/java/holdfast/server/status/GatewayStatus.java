package holdfast.server.status;

import holdfast.console.ControlHandler;
import holdfast.console.Counters;
import holdfast.console.Json;
import holdfast.driver.PathReport;
import holdfast.identity.Chain;
import holdfast.identity.Pin;
import holdfast.server.session.GatewaySession;
import holdfast.server.session.SessionDirectory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Answers the status command of the control socket. */
public final class GatewayStatus implements ControlHandler {
    private static final long PATIENCE_SECONDS = 5;

    private final Supplier<Pin> key;
    private final SessionDirectory sessions;
    private final List<String> listening;
    private final Supplier<Optional<String>> mistake;
    private final Counters counters;

    /**
     * A status.
     *
     * @param key the gateway's, by which clients and other gateways know it
     * @param listening where clients connect, for showing it
     * @param mistake what is wrong with the settings, if they are not those in force
     */
    public GatewayStatus(
            Supplier<Pin> key,
            SessionDirectory sessions,
            List<String> listening,
            Supplier<Optional<String>> mistake,
            Counters counters) {
        this.key = key;
        this.counters = counters;
        this.sessions = sessions;
        this.mistake = mistake;
        this.listening = List.copyOf(listening);
    }

    @Override
    public String answer(String command) {
        return switch (command) {
            case "status" -> text();
            case "status --json" -> Json.write(all());
            default ->
                throw new IllegalArgumentException(
                        "'" + command + "' is not a command; there are: status, status --json");
        };
    }

    private Map<String, Object> all() {
        List<Map<String, Object>> sessionsNow = ask();
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("key", key.get().toString());
        status.put("listening", listening);
        status.put("streams", streams(sessionsNow));
        mistake.get().ifPresent(text -> status.put("settings_not_in_force", text));
        status.put("sessions", sessionsNow);
        status.put("counters", counters.values());
        return status;
    }

    private static int streams(List<Map<String, Object>> sessions) {
        int streams = 0;
        for (Map<String, Object> each : sessions) {
            streams += ((Number) Objects.requireNonNull(each.get("streams"))).intValue();
        }
        return streams;
    }

    private List<Map<String, Object>> ask() {
        List<Map<String, Object>> all = new ArrayList<>();
        for (GatewaySession each : sessions.all()) {
            try {
                all.add(each.eventLoop().submit(() -> look(each)).get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                throw new IllegalStateException("an event loop does not answer", e);
            }
        }
        return all;
    }

    private static Map<String, Object> look(GatewaySession session) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("session", session.id().brief());
        status.put("user", session.user());
        status.put("state", session.driver().state());
        status.put("agreed", session.agreed());
        status.put("streams", session.driver().streamCount());
        status.put("held_bytes", session.driver().heldBytes());
        Map<Long, Chain> chains = session.chains();
        List<Object> paths = new ArrayList<>();
        for (PathReport each : session.driver().reportPaths()) {
            Map<String, Object> path = each.toMap();
            path.put("chain", chains.getOrDefault(each.id(), Chain.NONE).toString());
            paths.add(path);
        }
        status.put("paths", paths);
        return status;
    }

    private String text() {
        StringBuilder out = new StringBuilder();
        out.append("key      ").append(key.get()).append('\n');
        out.append("listens  ").append(String.join(" ", listening)).append('\n');
        mistake.get()
                .ifPresent(text -> out.append("settings old ones; the file is wrong: ")
                        .append(text)
                        .append('\n'));
        List<Map<String, Object>> all = ask();
        out.append("sessions ").append(all.size()).append('\n');
        for (Map<String, Object> each : all) {
            out.append(String.format(
                    Locale.ROOT,
                    "session %s  %s  %s  %s streams, %s bytes held, agreed: %s%n",
                    each.get("session"),
                    each.get("user"),
                    each.get("state"),
                    each.get("streams"),
                    each.get("held_bytes"),
                    each.get("agreed")));
            if (each.get("paths") instanceof List<?> paths) {
                paths.forEach(path -> appendPath(out, (Map<?, ?>) path));
            }
        }
        return out.toString();
    }

    private static void appendPath(StringBuilder out, Map<?, ?> path) {
        out.append(String.format(
                Locale.ROOT,
                "  path %-3s %-8s %-8s rtt %7s ms  sent %12s  received %12s  resent %9s  %s%s%n",
                path.get("path"),
                path.get("state"),
                path.get("standing"),
                path.get("rtt_ms"),
                path.get("sent"),
                path.get("received"),
                path.get("resent"),
                path.get("remote"),
                Chain.NONE.toString().equals(path.get("chain")) ? "" : "  through " + path.get("chain")));
    }
}

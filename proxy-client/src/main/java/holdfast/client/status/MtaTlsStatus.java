package holdfast.client.status;

import holdfast.client.mtatls.MtaTlsLink;
import holdfast.console.ControlHandler;
import holdfast.console.Json;
import io.netty.channel.EventLoop;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Answers the status command of a client that speaks MTA-TLS. */
public final class MtaTlsStatus implements ControlHandler {
    private static final long PATIENCE_SECONDS = 5;

    private final EventLoop loop;
    private final MtaTlsLink link;
    private final List<String> doors;
    private final boolean askPassword;

    /**
     * @param doors where programs find the proxy, for showing it
     * @param askPassword whether the doors ask for a password
     */
    public MtaTlsStatus(EventLoop loop, MtaTlsLink link, List<String> doors, boolean askPassword) {
        this.loop = loop;
        this.link = link;
        this.doors = List.copyOf(doors);
        this.askPassword = askPassword;
    }

    @Override
    public String answer(String command) {
        return switch (command) {
            case "status" -> {
                Map<String, Object> now = ask();
                yield "gateway  " + now.get("state") + " by MTA-TLS: an outage ends every connection\nstreams  "
                        + now.get("streams") + "\nlistens  " + String.join(" ", doors) + "\n";
            }
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
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("protocol", "mta-tls");
        status.put("state", link.isPathUp() ? "connected" : "not connected");
        status.put("streams", link.streamCount());
        status.put("listening", doors);
        return status;
    }
}

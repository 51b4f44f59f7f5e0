package holdfast.client.gateways;

import holdfast.client.session.SessionKeeper;
import holdfast.client.session.StreamOpener;
import holdfast.client.session.WaitingOpens;
import holdfast.protocol.OpenRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens each stream on the session with the gateway that its destination is to be reached by: of those that the rules name, the first that answers. One
 * that has not answered for half a second is passed over, one that is about to end at once; what goes through it already stays there.
 */
public final class GatewayChoice implements StreamOpener {
    /** For so long it is worth waiting for a gateway, in milliseconds, although another one answers. */
    private static final long PATIENCE_MILLIS = 500;

    private static final long LOOK_MILLIS = 100;

    /** A gateway that another one stands in for is asked for a sign of life so often: else only a stream that is lost on it would tell. */
    private static final long PULSE_MILLIS = 1_000;

    private final EventLoop loop;
    private final GatewayPlan plan;
    private final Map<String, SessionKeeper> gateways;
    private final WaitingOpens waiting;
    private boolean looking;

    /** @param gateways the sessions, by login */
    public GatewayChoice(EventLoop loop, GatewayPlan plan, Map<String, SessionKeeper> gateways) {
        this.loop = loop;
        this.plan = plan;
        this.gateways = new LinkedHashMap<>(gateways);
        this.waiting = new WaitingOpens(loop);
        this.gateways.values().forEach(each -> each.whenUp(this::look));
    }

    /** Begins to watch gateways that others stand in for. */
    public void start() {
        Set<SessionKeeper> watched = new LinkedHashSet<>();
        List<List<String>> lists = new ArrayList<>();
        lists.add(plan.usual());
        plan.rules().forEach(each -> lists.add(each.logins()));
        lists.stream().filter(each -> each.size() > 1).forEach(each -> each.forEach(name -> watched.add(keeper(name))));
        if (!watched.isEmpty()) {
            loop.scheduleWithFixedDelay(
                    () -> watched.forEach(SessionKeeper::probe), PULSE_MILLIS, PULSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public boolean isPathUp() {
        return gateways.values().stream().anyMatch(SessionKeeper::isPathUp);
    }

    /** Connections of programs that wait for a gateway. */
    public int waiting() {
        return waiting.size();
    }

    @Override
    public void open(OpenRequest request, @Nullable ByteBuf firstBytes, OpenCallback callback) {
        List<String> names = names(request);
        if (names.size() == 1) {
            keeper(names.get(0)).open(request, firstBytes, callback);
            return;
        }
        SessionKeeper chosen = choose(names);
        if (chosen != null) {
            chosen.open(request, firstBytes, callback);
            return;
        }
        waiting.add(request, firstBytes, callback);
        names.forEach(each -> keeper(each).wanted());
        lookLater();
    }

    private List<String> names(OpenRequest request) {
        for (GatewayRule each : plan.rules()) {
            if (each.covers(request.destination())) {
                return each.logins();
            }
        }
        return plan.usual();
    }

    private SessionKeeper keeper(String login) {
        SessionKeeper keeper = gateways.get(login);
        if (keeper == null) {
            throw new IllegalStateException("no session for " + login);
        }
        return keeper;
    }

    /** Null where it is too early to pass over a gateway that does not answer, or none answers. */
    private @Nullable SessionKeeper choose(List<String> names) {
        SessionKeeper named = namedByOneThatGoes(names);
        if (named != null) {
            return named;
        }
        for (String each : names) {
            SessionKeeper keeper = keeper(each);
            if (keeper.takesStreams()) {
                return keeper;
            }
            if (!keeper.isGoingAway() && keeper.silentMillis(System.nanoTime()) < PATIENCE_MILLIS) {
                return null;
            }
        }
        return null;
    }

    /** A gateway that is about to end says who takes over; that it is one of ours has been said by the user. */
    private @Nullable SessionKeeper namedByOneThatGoes(List<String> names) {
        for (String each : names) {
            SessionKeeper keeper = keeper(each);
            if (keeper.takesStreams()) {
                return null;
            }
            if (keeper.isGoingAway()) {
                for (String other : names) {
                    if (keeper(other).takesStreams() && keeper(other).isReachedAtAnyOf(keeper.successors())) {
                        return keeper(other);
                    }
                }
            }
        }
        return null;
    }

    private void lookLater() {
        if (!looking && waiting.size() > 0) {
            looking = true;
            loop.schedule(
                    () -> {
                        looking = false;
                        look();
                    },
                    LOOK_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        waiting.takeIf(each -> {
            SessionKeeper chosen = choose(names(each.request));
            if (chosen != null) {
                chosen.open(each.request, each.firstBytes, each.callback);
            }
            return chosen != null;
        });
        lookLater();
    }
}

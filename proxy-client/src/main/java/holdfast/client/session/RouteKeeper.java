package holdfast.client.session;

import holdfast.client.dialer.Dialer;
import holdfast.client.dialer.LocalInterface;
import holdfast.client.dialer.PathPlan;
import holdfast.client.dialer.Route;
import holdfast.protocol.PathStanding;
import holdfast.transport.PathChannel;
import io.netty.channel.EventLoop;
import java.net.NoRouteToHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one path on every route to the gateway, and dials those that have none: at once when a path is lost, with growing pauses while nothing answers,
 * afresh when the network has changed (PROTOCOL.md section 6). It never gives up.
 */
final class RouteKeeper {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.path");
    private static final long MILLI = 1_000_000;
    private static final long STAGGER_MILLIS = 50;

    /** Between dials while streams stand still because no path is up. */
    private static final long NEEDED_STAGGER_MILLIS = 10;

    /** Nothing has come back for so long, or for as long as dialing took before: what was sent is lost, and TCP says it again after a second at the earliest. */
    private static final long UNANSWERED_MILLIS = 250;

    private static final long UNANSWERED_UNKNOWN_MILLIS = 1_000;

    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 15_000;

    /** The longest while somebody waits for a path, for so many attempts: a gateway that is back is to be found at once. */
    private static final long NEEDED_PAUSE_MILLIS = 1_000;

    private static final int NEEDED_ATTEMPTS = 600;
    private static final int FIRST_ATTEMPT_MILLIS = 3_000;
    private static final int LONGEST_ATTEMPT_MILLIS = 10_000;

    /** So long after its relays are heard of again a path may still be silent. */
    private static final long CARRIED_AGAIN_MILLIS = 1_000;

    /** A path that lived shorter than this counts as a failed attempt. */
    private static final long SHORT_LIFE_MILLIS = 1_000;

    /** As many failures as make the longest pause. */
    private static final int OFF_FAILURES = 8;

    /** More would only share the same few physical paths. */
    private static final int MAX_ROUTES = 6;

    private final Dialer dialer;
    private final EventLoop loop;
    private final PathPlan plan;
    private final List<String> given;
    private final Use use;
    private final SplittableRandom jitter = new SplittableRandom();
    private final Set<String> addresses = new LinkedHashSet<>();
    private final Map<Route, Keeping> routes = new LinkedHashMap<>();

    /** Routes that are not wanted any more, whose paths are still there. */
    private final List<Keeping> leaving = new ArrayList<>();

    private List<LocalInterface> interfaces = List.of();
    private boolean resting;
    private long wantedAt = System.nanoTime();
    private long lastResortAt = wantedAt - NEEDED_PAUSE_MILLIS * MILLI;

    /** What is done with a connection. */
    interface Use {
        /** Makes a path of it. Returns the path's number. */
        long attach(PathChannel channel, Route route, PathStanding standing);

        /** The user has another use for a path. */
        void setStanding(long path, PathStanding standing);

        /** Ends a path that another one on the same route replaces. */
        void replace(long path);

        boolean hasPathUp();

        /** Whether streams, or programs, wait for a path. */
        boolean isNeeded();

        /** An attempt failed; the reason is for the user. */
        void failed(Route route, Throwable cause);
    }

    /** What is known of one route. */
    private static final class Keeping {
        final Route route;
        PathStanding standing;
        Optional<Dialer.Attempt> attempt = Optional.empty();
        long path = NONE;
        long replaced = NONE;
        boolean suspected;
        long upSince;
        int failures;

        /** How long dialing took when it was quickest, in milliseconds; 0 before it has succeeded. */
        long dialMillis;

        Optional<ScheduledFuture<?>> pause = Optional.empty();

        static final long NONE = -1;

        Keeping(Route route, PathStanding standing) {
            this.route = route;
            this.standing = standing;
        }

        boolean isPausing() {
            return pause.isPresent();
        }

        /** Whether a dial is under way to which an answer should have come by now. */
        boolean isUnanswered() {
            long patience = dialMillis == 0 ? UNANSWERED_UNKNOWN_MILLIS : Math.max(UNANSWERED_MILLIS, dialMillis);
            return attempt.isPresent() && attempt.get().isUnansweredFor(patience);
        }

        void endPause() {
            pause.ifPresent(each -> each.cancel(false));
            pause = Optional.empty();
        }
    }

    /**
     * Dials nothing before it is told of the network.
     *
     * @param plan which routes are wanted, and how their paths are to be used
     * @param given addresses of the gateway, HOST:PORT, that hold whatever it says itself
     */
    RouteKeeper(Dialer dialer, EventLoop loop, PathPlan plan, List<String> given, Use use) {
        this.dialer = dialer;
        this.loop = loop;
        this.plan = plan;
        this.given = List.copyOf(given);
        this.use = use;
        addresses.addAll(given);
    }

    // What changes the plan.

    /** The gateway is reached there, too. Returns whether that is news. */
    boolean addAddress(String address) {
        boolean news = addresses.add(address);
        if (news) {
            plan();
        }
        return news;
    }

    /**
     * The gateway is not reached there any more. What the user has written down stays, and so does a path that is up. Returns whether anything
     * changes.
     */
    boolean removeAddress(String address) {
        boolean news = !given.contains(address) && addresses.remove(address);
        if (news) {
            plan();
        }
        return news;
    }

    /** The machine's interfaces, now. */
    void setInterfaces(List<LocalInterface> now) {
        interfaces = now;
        plan();
        dialAfresh();
    }

    /** The network may be another one: earlier failures mean nothing. */
    void dialAfresh() {
        for (Keeping each : routes.values()) {
            each.failures = 0;
            each.endPause();
        }
        maintain();
    }

    /** A program wants a path and there is none: one more attempt now, but no more than one a second. */
    void wanted() {
        long now = System.nanoTime();
        if (now - wantedAt < NEEDED_PAUSE_MILLIS * MILLI) {
            return;
        }
        wantedAt = now;
        routes.values().forEach(Keeping::endPause);
        maintain();
    }

    /** Relays carry again: what has no path through them is dialed now, and what has one but is not heard of a little later. */
    void carrierUp() {
        for (Keeping each : routes.values()) {
            if (each.route.isRelayed() && each.path == Keeping.NONE) {
                each.failures = 0;
                each.endPause();
                if (each.attempt.isEmpty() && !resting) {
                    dial(each);
                }
            }
        }
        loop.schedule(this::maintain, CARRIED_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Dials nothing for a while. */
    void rest(long millis) {
        resting = true;
        loop.schedule(
                () -> {
                    resting = false;
                    dialAfresh();
                },
                millis,
                TimeUnit.MILLISECONDS);
    }

    /** Every path is gone with its session. */
    void sessionLost() {
        leaving.clear();
        for (Keeping each : routes.values()) {
            each.path = Keeping.NONE;
            each.replaced = Keeping.NONE;
            each.suspected = false;
        }
    }

    private void plan() {
        Map<Route, PathStanding> wanted = plan.routes(addresses, interfaces);
        Map<Route, Keeping> known = new HashMap<>(routes);
        routes.clear();
        wanted.forEach((route, standing) -> {
            Keeping keeping = known.remove(route);
            routes.put(route, keeping == null ? new Keeping(route, standing) : keeping);
            if (keeping != null && keeping.standing != standing) {
                keeping.standing = standing;
                if (keeping.path != Keeping.NONE) {
                    use.setStanding(keeping.path, standing);
                }
            }
        });
        for (Keeping each : known.values()) {
            abandon(each);
        }
        maintain();
    }

    /** A route is not wanted any more. Its path stays as long as there is a way for it, but nobody will replace it. */
    private void abandon(Keeping each) {
        each.attempt.ifPresent(Dialer.Attempt::cancel);
        each.attempt = Optional.empty();
        each.endPause();
        if (each.path == Keeping.NONE) {
            return;
        }
        if (each.route.via().isEmpty() || interfaces.contains(each.route.via().get())) {
            leaving.add(each);
        } else {
            use.replace(each.path);
        }
    }

    // What happens to paths.

    void pathUp(long path) {
        for (Keeping each : routes.values()) {
            if (each.path == path) {
                each.upSince = System.nanoTime();
                each.failures = 0;
                leaving.stream()
                        .filter(left -> each.route.succeeds(left.route))
                        .toList()
                        .forEach(left -> use.replace(left.path));
                if (each.replaced != Keeping.NONE) {
                    long old = each.replaced;
                    each.replaced = Keeping.NONE;
                    use.replace(old);
                }
            }
        }
    }

    void pathSuspected(long path) {
        mark(path, true);
        tryEveryRoute();
        maintain();
    }

    /**
     * Where the last path has fallen silent, every route that gave no answer before may give one now: those that pause, and those whose dial was sent when
     * they were dark, are dialed at once. Not more than once a second, whatever flaps.
     */
    private void tryEveryRoute() {
        long now = System.nanoTime();
        if (use.hasPathUp() || !use.isNeeded() || now - lastResortAt < NEEDED_PAUSE_MILLIS * MILLI) {
            return;
        }
        lastResortAt = now;
        routes.values().forEach(Keeping::endPause);
        renewDials();
        // What was sent just before its route came back is lost as well.
        loop.schedule(this::dialAgain, UNANSWERED_MILLIS + 1, TimeUnit.MILLISECONDS);
        loop.schedule(this::dialAgain, 2 * UNANSWERED_MILLIS + 2, TimeUnit.MILLISECONDS);
    }

    private void dialAgain() {
        if (!use.hasPathUp() && use.isNeeded()) {
            renewDials();
            maintain();
        }
    }

    private void renewDials() {
        for (Keeping each : routes.values()) {
            if (each.isUnanswered()) {
                each.attempt.ifPresent(Dialer.Attempt::cancel);
                each.attempt = Optional.empty();
            }
        }
    }

    void pathTrusted(long path) {
        mark(path, false);
        for (Keeping each : routes.values()) {
            if (each.path == path && each.attempt.isPresent()) {
                each.attempt.get().cancel();
                each.attempt = Optional.empty();
            }
        }
    }

    private void mark(long path, boolean suspected) {
        for (Keeping each : routes.values()) {
            if (each.path == path) {
                each.suspected = suspected;
            }
        }
    }

    void pathDown(long path) {
        leaving.removeIf(each -> each.path == path);
        for (Keeping each : routes.values()) {
            if (each.replaced == path) {
                each.replaced = Keeping.NONE;
            }
            if (each.path == path) {
                each.path = Keeping.NONE;
                each.suspected = false;
                boolean shortLived = each.upSince == 0 || System.nanoTime() - each.upSince < SHORT_LIFE_MILLIS * MILLI;
                each.upSince = 0;
                if (shortLived) {
                    pause(each);
                } else {
                    tryEveryRoute();
                }
            }
        }
        maintain();
    }

    // Dialing.

    /** Dials every route that needs it and may be dialed now. */
    private void maintain() {
        if (resting) {
            return;
        }
        boolean anyUp = use.hasPathUp();
        int kept = 0;
        List<Keeping> due = new ArrayList<>();
        for (Keeping each : routes.values()) {
            // While the relays themselves are not heard of, the silence is theirs, and a second connection through them
            // would only send everything again.
            boolean healthy = each.path != Keeping.NONE && (!each.suspected || anyUp || !dialer.isCarried(each.route));
            if (healthy || each.attempt.isPresent()) {
                kept++;
            } else if (!each.isPausing() && kept < MAX_ROUTES) {
                kept++;
                due.add(each);
            }
        }
        long stagger = !anyUp && use.isNeeded() ? NEEDED_STAGGER_MILLIS : STAGGER_MILLIS;
        long delay = 0;
        // The route whose path has just fallen silent is the least likely to answer.
        due.sort(Comparator.comparing(each -> each.suspected));
        for (Keeping each : due) {
            dialIn(delay, each);
            delay += stagger;
        }
    }

    private void dialIn(long millis, Keeping each) {
        if (millis == 0) {
            dial(each);
            return;
        }
        each.endPause();
        each.pause = Optional.of(loop.schedule(
                () -> {
                    each.pause = Optional.empty();
                    maintain();
                },
                millis,
                TimeUnit.MILLISECONDS));
    }

    private void dial(Keeping each) {
        long begun = System.nanoTime();
        int millis = Math.min(LONGEST_ATTEMPT_MILLIS, FIRST_ATTEMPT_MILLIS * (1 + each.failures));
        each.attempt = Optional.of(dialer.dial(each.route, each.failures, millis, new Dialer.Outcome() {
            @Override
            public void onConnected(PathChannel channel) {
                each.attempt = Optional.empty();
                long took = (System.nanoTime() - begun) / MILLI;
                each.dialMillis = each.dialMillis == 0 ? took : Math.min(each.dialMillis, took);
                if (each.path != Keeping.NONE && !each.suspected) {
                    // The path it was to replace has been heard of again.
                    channel.abort();
                    return;
                }
                if (each.path != Keeping.NONE) {
                    each.replaced = each.path;
                }
                each.suspected = false;
                each.upSince = 0;
                each.path = use.attach(channel, each.route, each.standing);
            }

            @Override
            public void onFailed(Throwable cause) {
                each.attempt = Optional.empty();
                LOG.atDebug()
                        .addKeyValue("route", each.route)
                        .addKeyValue("reason", cause.getMessage())
                        .log("path.dial_failed");
                use.failed(each.route, cause);
                if (isOff(cause)) {
                    // Nothing leads there by that interface: worth another look now and then, or when the network
                    // changes.
                    each.failures = Math.max(each.failures, OFF_FAILURES);
                }
                pause(each);
            }
        }));
    }

    private static boolean isOff(Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        return cause instanceof NoRouteToHostException
                || text.contains("unreachable")
                || text.contains("Cannot assign");
    }

    private void pause(Keeping each) {
        boolean needed = use.isNeeded() && !use.hasPathUp() && each.failures < NEEDED_ATTEMPTS;
        long longest = needed ? NEEDED_PAUSE_MILLIS : LONGEST_PAUSE_MILLIS;
        long pause = Math.min(longest, FIRST_PAUSE_MILLIS << Math.min(each.failures, 8));
        each.failures++;
        dialIn(1 + (long) (pause * (0.75 + jitter.nextDouble() / 2)), each);
    }

    /** The route of a path, for showing it. */
    Optional<Route> routeOf(long path) {
        return Stream.concat(routes.values().stream(), leaving.stream())
                .filter(each -> each.path == path || each.replaced == path)
                .map(each -> each.route)
                .findFirst();
    }
}

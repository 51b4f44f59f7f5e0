package holdfast.client.session;

import holdfast.client.dialer.Dialer;
import holdfast.client.dialer.LocalInterface;
import holdfast.client.dialer.Route;
import holdfast.protocol.Destination;
import holdfast.transport.PathChannel;
import io.netty.channel.EventLoop;
import java.net.NoRouteToHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 15_000;
    private static final int FIRST_ATTEMPT_MILLIS = 3_000;
    private static final int LONGEST_ATTEMPT_MILLIS = 10_000;

    /** A path that lived shorter than this counts as a failed attempt. */
    private static final long SHORT_LIFE_MILLIS = 1_000;

    /** As many failures as make the longest pause. */
    private static final int OFF_FAILURES = 8;

    /** More would only share the same few physical paths. */
    private static final int MAX_ROUTES = 6;

    private final Dialer dialer;
    private final EventLoop loop;
    private final boolean canChooseInterface;
    private final Use use;
    private final SplittableRandom jitter = new SplittableRandom();
    private final Set<String> addresses = new LinkedHashSet<>();
    private final Map<Route, Keeping> routes = new LinkedHashMap<>();

    private List<LocalInterface> interfaces = List.of();
    private boolean resting;

    /** What is done with a connection. */
    interface Use {
        /** Makes a path of it. Returns the path's number. */
        long attach(PathChannel channel, Route route);

        /** Ends a path that another one on the same route replaces. */
        void replace(long path);

        boolean hasPathUp();

        /** An attempt failed; the reason is for the user. */
        void failed(Route route, Throwable cause);
    }

    /** What is known of one route. */
    private static final class Keeping {
        final Route route;
        Optional<Dialer.Attempt> attempt = Optional.empty();
        long path = NONE;
        long replaced = NONE;
        boolean suspected;
        long upSince;
        int failures;
        boolean waiting;

        static final long NONE = -1;

        Keeping(Route route) {
            this.route = route;
        }
    }

    RouteKeeper(Dialer dialer, EventLoop loop, boolean canChooseInterface, Use use) {
        this.dialer = dialer;
        this.loop = loop;
        this.canChooseInterface = canChooseInterface;
        this.use = use;
    }

    // What changes the plan.

    void addAddress(String address) {
        if (addresses.add(address)) {
            plan();
        }
    }

    void removeAddress(String address) {
        if (addresses.remove(address)) {
            plan();
        }
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
            each.waiting = false;
        }
        maintain();
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
        for (Keeping each : routes.values()) {
            each.path = Keeping.NONE;
            each.replaced = Keeping.NONE;
            each.suspected = false;
        }
    }

    private void plan() {
        Set<Route> wanted = wanted();
        for (Keeping each : new ArrayList<>(routes.values())) {
            if (!wanted.contains(each.route)) {
                each.attempt.ifPresent(Dialer.Attempt::cancel);
                routes.remove(each.route);
                if (each.path != Keeping.NONE) {
                    use.replace(each.path);
                }
            }
        }
        for (Route each : wanted) {
            routes.computeIfAbsent(each, Keeping::new);
        }
        maintain();
    }

    private Set<Route> wanted() {
        Set<Route> wanted = new LinkedHashSet<>();
        for (String address : addresses) {
            Destination to = Destination.parse(address);
            String host =
                    to instanceof Destination.Ip ip ? ip.address().getHostAddress() : ((Destination.Name) to).host();
            boolean near = to instanceof Destination.Ip ip && ip.address().isLoopbackAddress();
            if (near || !canChooseInterface || interfaces.size() < 2) {
                wanted.add(new Route(host, to.port(), Optional.empty()));
                continue;
            }
            for (LocalInterface each : interfaces) {
                if (!(to instanceof Destination.Ip ip)
                        || ip.address().getAddress().length == each.address().getAddress().length) {
                    wanted.add(new Route(host, to.port(), Optional.of(each)));
                }
            }
        }
        return wanted;
    }

    // What happens to paths.

    void pathUp(long path) {
        for (Keeping each : routes.values()) {
            if (each.path == path) {
                each.upSince = System.nanoTime();
                each.failures = 0;
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
        maintain();
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
        long delay = 0;
        for (Keeping each : routes.values()) {
            boolean healthy = each.path != Keeping.NONE && (!each.suspected || anyUp);
            if (healthy || each.attempt.isPresent()) {
                kept++;
            } else if (!each.waiting && kept < MAX_ROUTES) {
                kept++;
                dialIn(delay, each);
                delay += STAGGER_MILLIS;
            }
        }
    }

    private void dialIn(long millis, Keeping each) {
        if (millis == 0) {
            dial(each);
            return;
        }
        each.waiting = true;
        loop.schedule(
                () -> {
                    each.waiting = false;
                    maintain();
                },
                millis,
                TimeUnit.MILLISECONDS);
    }

    private void dial(Keeping each) {
        int millis = Math.min(LONGEST_ATTEMPT_MILLIS, FIRST_ATTEMPT_MILLIS * (1 + each.failures));
        each.attempt = Optional.of(dialer.dial(each.route, millis, new Dialer.Outcome() {
            @Override
            public void onConnected(PathChannel channel) {
                each.attempt = Optional.empty();
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
                each.path = use.attach(channel, each.route);
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
        long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(each.failures, 8));
        each.failures++;
        dialIn(1 + (long) (pause * (0.75 + jitter.nextDouble() / 2)), each);
    }

    /** The route of a path, for showing it. */
    Optional<Route> routeOf(long path) {
        return routes.values().stream()
                .filter(each -> each.path == path || each.replaced == path)
                .map(each -> each.route)
                .findFirst();
    }
}

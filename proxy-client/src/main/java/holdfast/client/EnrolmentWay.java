package holdfast.client;

import holdfast.agreement.AcceptRules;
import holdfast.client.config.ClientHome;
import holdfast.client.config.Profiles;
import holdfast.client.dialer.Carrier;
import holdfast.client.dialer.PathPlan;
import holdfast.client.gateways.GatewayPlan;
import holdfast.client.gateways.GatewaySessions;
import holdfast.client.gateways.Login;
import holdfast.client.gateways.Via;
import holdfast.client.session.SessionMemory;
import holdfast.console.Counters;
import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.driver.SessionCounters;
import holdfast.protocol.SessionId;
import holdfast.transport.EventLoops;
import holdfast.transport.HandshakeThreads;
import holdfast.transport.TlsProvider;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How a gateway is reached that this client logs in to: directly, or inside sessions with relays that it has logged in to before. */
final class EnrolmentWay implements AutoCloseable {
    private static final long REACH_SECONDS = 15;
    private static final long STOP_SECONDS = 5;
    private static final int LOOKS = 50;
    private static final long LOOK_MILLIS = 20;

    private final EventLoop loop;
    private final String relays;
    private final Map<String, Carrier> carriers;
    private final @Nullable GatewaySessions sessions;

    /**
     * Which relays lead there.
     *
     * @param names as {@link holdfast.client.dialer.Route#relays}; empty for none
     * @param toTheLast how the last of them is reached; null where there is none
     * @param accept what the user accepts of them
     */
    record Relays(String names, @Nullable GatewayPlan toTheLast, AcceptRules accept) {
        /**
         * Those of a way, for which there have to be logins.
         *
         * @throws FatalException 78 if there is none for one of them
         */
        static Relays of(Via way, ClientHome home) throws IOException {
            List<String> names = way.relays();
            if (names.isEmpty()) {
                return new Relays("", null, AcceptRules.EVERYTHING);
            }
            Map<String, Login> logins = new HashMap<>();
            for (String each : names) {
                logins.put(each, new Profiles(home).login(each));
            }
            int last = names.size() - 1;
            Via before = new Via(names.subList(0, last), way.standing());
            return new Relays(
                    String.join(",", names),
                    new GatewayPlan(logins, List.of(names.get(last)), List.of(), List.of(before)),
                    home.acceptRules());
        }
    }

    private EnrolmentWay(
            EventLoop loop, String relays, Map<String, Carrier> carriers, @Nullable GatewaySessions sessions) {
        this.loop = loop;
        this.relays = relays;
        this.carriers = carriers;
        this.sessions = sessions;
    }

    /**
     * Makes the sessions with the relays, if any, and returns when the last is there.
     *
     * @throws FatalException 69 if it is not reached
     */
    static EnrolmentWay open(
            Relays relays, EventLoops loops, EventLoop loop, HandshakeThreads slowWork, TlsProvider tls) {
        GatewayPlan plan = relays.toTheLast();
        if (plan == null) {
            return new EnrolmentWay(loop, "", Map.of(), null);
        }
        GatewaySessions sessions = new GatewaySessions(new GatewaySessions.Parts(
                loops,
                loop,
                slowWork,
                tls,
                plan,
                new PathPlan(List.of(), false),
                (login, through) -> new Forgetful(),
                relays.accept(),
                new SessionCounters(new Counters())));
        String last = plan.usualLogin().name();
        EnrolmentWay way =
                new EnrolmentWay(loop, relays.names(), Map.of(relays.names(), sessions.through(last)), sessions);
        CountDownLatch up = new CountDownLatch(1);
        sessions.whenUp(last, up::countDown);
        sessions.start(() -> {});
        if (!isInTime(up, REACH_SECONDS)) {
            way.close();
            throw new FatalException(
                    ExitCode.UNAVAILABLE,
                    "the relay '" + last + "' is not reached; does  proxy-client run --profile " + last
                            + "  reach it?");
        }
        return way;
    }

    /** As {@link holdfast.client.dialer.Route#relays}. */
    String relays() {
        return relays;
    }

    /** What connects along such routes. */
    Map<String, Carrier> carriers() {
        return carriers;
    }

    private static boolean isInTime(CountDownLatch latch, long seconds) {
        try {
            return latch.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends the sessions with relays in order, when the relays have heard that what they carried has ended; else that would look like a loss. */
    @Override
    public void close() {
        if (sessions != null) {
            CountDownLatch stopped = new CountDownLatch(1);
            loop.execute(() -> stopWhenIdle(sessions, LOOKS, stopped::countDown));
            if (!isInTime(stopped, STOP_SECONDS)) {
                throw new IllegalStateException("the event loop does not answer");
            }
            sessions.close();
        }
    }

    private void stopWhenIdle(GatewaySessions open, int looks, Runnable then) {
        boolean isIdle =
                open.gateways().values().stream().allMatch(each -> each.driver().streamCount() == 0);
        if (isIdle || looks == 0) {
            open.stop(then);
        } else {
            loop.schedule(() -> stopWhenIdle(open, looks - 1, then), LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** These sessions are over when the command is. */
    private static final class Forgetful implements SessionMemory {
        @Override
        public Optional<SessionId> previous() {
            return Optional.empty();
        }

        @Override
        public void remember(SessionId id) {}

        @Override
        public void forget() {}
    }
}

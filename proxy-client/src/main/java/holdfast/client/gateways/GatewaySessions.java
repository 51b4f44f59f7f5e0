package holdfast.client.gateways;

import holdfast.agreement.AcceptRules;
import holdfast.client.dialer.Carrier;
import holdfast.client.dialer.Dialer;
import holdfast.client.dialer.PathPlan;
import holdfast.client.session.SessionKeeper;
import holdfast.client.session.SessionMemory;
import holdfast.driver.SessionCounters;
import holdfast.transport.EventLoops;
import holdfast.transport.HandshakeThreads;
import holdfast.transport.TlsContexts;
import holdfast.transport.TlsEndpoint;
import holdfast.transport.TlsProvider;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The sessions of a client: one with each gateway that destinations are reached by, and one with each relay for each way that leads to it, whose
 * streams carry paths of the next.
 *
 * <p>Belongs to the client's event loop.
 */
public final class GatewaySessions implements AutoCloseable {
    private static final long LAST_WORDS_MILLIS = 50;

    private final Parts parts;
    private final Map<String, TlsEndpoint> tls = new HashMap<>();
    private final Map<String, SessionKeeper> relays = new LinkedHashMap<>();
    private final Map<String, SessionKeeper> gateways = new LinkedHashMap<>();

    /**
     * What sessions need to run.
     *
     * @param paths which ways of this machine are used, and how
     * @param memories for each session one
     * @param accept what the user accepts of gateways, relays among them
     */
    public record Parts(
            EventLoops loops,
            EventLoop loop,
            HandshakeThreads slowWork,
            TlsProvider tls,
            GatewayPlan plan,
            PathPlan paths,
            Memories memories,
            AcceptRules accept,
            SessionCounters counters) {}

    /** Remembers the ids of sessions over restarts. */
    public interface Memories {
        /**
         * That of one session.
         *
         * @param relays names of the relays that it leads through by all its ways, with a comma between them; empty for none
         */
        SessionMemory of(String login, String relays);
    }

    /** Makes them all; none dials yet. */
    public GatewaySessions(Parts parts) {
        this.parts = parts;
        for (String each : parts.plan().targets()) {
            gateways.put(each, keeper(parts.plan().login(each), "", parts.plan().ways()));
        }
    }

    private SessionKeeper keeper(Login login, String memory, List<Via> vias) {
        List<PathPlan.Way> ways = new ArrayList<>();
        Map<String, SessionKeeper> carrying = new LinkedHashMap<>();
        Map<String, Carrier> carriers = new HashMap<>();
        for (Via each : vias) {
            String name = String.join(",", each.relays());
            ways.add(new PathPlan.Way(name, each.standing()));
            if (!name.isEmpty()) {
                SessionKeeper relay = relay(each);
                carrying.put(name, relay);
                carriers.put(name, new StreamCarrier(parts.loops(), parts.loop(), relay, name));
            }
        }
        Dialer dialer = new Dialer(
                parts.loops(), parts.loop(), endpoint(login), parts.slowWork(), login.keys()::proven, carriers);
        SessionKeeper keeper = new SessionKeeper(
                login.name(),
                parts.loops(),
                parts.loop(),
                login.identity().pin(),
                dialer,
                login.addresses(),
                parts.paths().through(ways),
                parts.slowWork(),
                parts.memories().of(login.name(), memory),
                login.keys(),
                parts.accept(),
                parts.counters());
        carrying.values().forEach(each -> each.whenUp(keeper::carrierUp));
        return keeper;
    }

    /** The session with the last relay of a way; it runs inside that with the relay before. */
    private SessionKeeper relay(Via way) {
        String chain = String.join(",", way.relays());
        SessionKeeper known = relays.get(chain);
        if (known != null) {
            return known;
        }
        int last = way.relays().size() - 1;
        Via before = new Via(way.relays().subList(0, last), Via.DIRECTLY.standing());
        SessionKeeper made =
                keeper(parts.plan().login(way.relays().get(last)), String.join(",", before.relays()), List.of(before));
        relays.put(chain, made);
        return made;
    }

    private TlsEndpoint endpoint(Login login) {
        return tls.computeIfAbsent(
                login.name(),
                name -> TlsContexts.client(
                        parts.tls(), login.identity(), login.keys().accepted()));
    }

    /** Those that destinations are reached by, by login. */
    public Map<String, SessionKeeper> gateways() {
        return gateways;
    }

    /** Those with relays, by the names of the relays up to and with it. */
    public Map<String, SessionKeeper> relays() {
        return relays;
    }

    /** Makes connections of others inside the session with a gateway that destinations are reached by, which is a relay to them. */
    public Carrier through(String login) {
        return new StreamCarrier(parts.loops(), parts.loop(), gateway(login), login);
    }

    /** Has this run on the event loop whenever the session with a gateway that destinations are reached by has a path. To be said before the start. */
    public void whenUp(String login, Runnable then) {
        gateway(login).whenUp(then);
    }

    private SessionKeeper gateway(String login) {
        SessionKeeper keeper = gateways.get(login);
        if (keeper == null) {
            throw new IllegalArgumentException("no session for " + login);
        }
        return keeper;
    }

    /** Starts dialing. {@code decided} runs once, when the first session with a gateway is up or its first attempt has failed. */
    public void start(Runnable decided) {
        relays.values().forEach(each -> each.start(() -> {}));
        boolean first = true;
        for (SessionKeeper each : gateways.values()) {
            each.start(first ? decided : () -> {});
            first = false;
        }
    }

    /** Ends every session, those inside others first. Runs {@code then} when that is done. */
    public void stop(Runnable then) {
        Deque<SessionKeeper> innermostFirst = new ArrayDeque<>();
        relays.values().forEach(innermostFirst::addFirst);
        parts.loop().execute(() -> {
            gateways.values().forEach(SessionKeeper::close);
            parts.loop().execute(() -> stopRelays(innermostFirst, then));
        });
    }

    private void stopRelays(Deque<SessionKeeper> innermostFirst, Runnable then) {
        SessionKeeper next = innermostFirst.poll();
        if (next == null) {
            then.run();
            return;
        }
        // What the sessions inside have said last is to get through.
        parts.loop()
                .schedule(
                        () -> next.stop(() -> stopRelays(innermostFirst, then)),
                        LAST_WORDS_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        tls.values().forEach(TlsEndpoint::close);
    }
}

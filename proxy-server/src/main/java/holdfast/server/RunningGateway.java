package holdfast.server;

import holdfast.agreement.Terms;
import holdfast.console.Counters;
import holdfast.identity.Identity;
import holdfast.identity.Pin;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.StreamKind;
import holdfast.server.admin.LoopPulse;
import holdfast.server.admin.OpenFiles;
import holdfast.server.audit.Audit;
import holdfast.server.budget.Budget;
import holdfast.server.budget.Limits;
import holdfast.server.budget.UsageFile;
import holdfast.server.chain.ChainCheck;
import holdfast.server.chain.ChainSettings;
import holdfast.server.chain.RelayService;
import holdfast.server.datagram.UdpService;
import holdfast.server.destination.AddressCheck;
import holdfast.server.destination.AddressFinder;
import holdfast.server.destination.Admission;
import holdfast.server.destination.DestinationConnector;
import holdfast.server.destination.NameServer;
import holdfast.server.destination.PathCheck;
import holdfast.server.destination.ResolveService;
import holdfast.server.destination.Resolver;
import holdfast.server.destination.TcpService;
import holdfast.server.gateway.Gatekeeper;
import holdfast.server.gateway.GatewayListeners;
import holdfast.server.introduction.IntroductionRule;
import holdfast.server.introduction.Introductions;
import holdfast.server.listen.BindService;
import holdfast.server.listen.ListenPolicy;
import holdfast.server.listen.ListenService;
import holdfast.server.mtatls.MtaTlsService;
import holdfast.server.policy.Grants;
import holdfast.server.policy.Policy;
import holdfast.server.policy.Verb;
import holdfast.server.policy.Verdict;
import holdfast.server.session.GatewaySession;
import holdfast.server.session.Holding;
import holdfast.server.session.ServicesByKind;
import holdfast.server.session.SessionDirectory;
import holdfast.server.status.GatewayStatus;
import holdfast.transport.EventLoops;
import holdfast.transport.HandshakeThreads;
import holdfast.transport.TlsContexts;
import holdfast.transport.TlsEndpoint;
import holdfast.transport.TlsProvider;
import holdfast.transport.TransportKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a running gateway, put together. */
final class RunningGateway {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.gateway");
    private static final int HANDSHAKE_QUEUE = 4096;

    /** Steps of strangers' handshakes that may wait: a second's work or so. More would be answers to those who have given up. */
    private static final int STRANGERS_QUEUE = 512;

    private static final long ILL_SECONDS = 5;
    private static final long LAST_WORDS_MILLIS = 200;
    private static final long LOOK_MILLIS = 50;

    private final Counters counters = new Counters();
    private final EventLoops loops;
    private final TlsProvider provider;
    private final List<String> alpn;
    private volatile Key key;
    private final HandshakeThreads slowWork;
    private final HandshakeThreads strangersWork;
    private final Resolver resolver;
    private final Budget budget;
    private Limits wanted;
    private final Grants grants;
    private final SessionDirectory sessions;
    private final List<MtaTlsService> mtaTls = new ArrayList<>();
    private final LoopPulse pulse;
    private final Audit audit;
    private final Chains chains;
    private final ChainCheck chainCheck;
    private Set<Pin> accepted;
    private volatile boolean ending;
    private final GatewayListeners listeners;
    private final List<String> listening = new ArrayList<>();

    /**
     * What a gateway needs to run.
     *
     * @param addresses where clients reach it, HOST:PORT, for telling them
     * @param holding how long sessions without paths are kept, and how much they may hold
     * @param limits who may have how much, as the settings say
     * @param usage what users have transferred this month
     * @param audit of what users do
     * @param policy the one in force whenever it is asked for
     * @param conditions for a user, whenever they are asked for
     * @param introductions which destinations are told who connects, whenever it is asked for
     * @param chains what is said of relays, and of gateways to go to instead, whenever it is asked for
     * @param mtaTls whether clients may speak MTA-TLS, too
     */
    record Parts(
            Identity identity,
            List<Destination.Ip> listen,
            List<String> addresses,
            Holding holding,
            Supplier<Policy> policy,
            Supplier<List<IntroductionRule>> introductions,
            Function<String, Terms> conditions,
            Gatekeeper gatekeeper,
            Limits limits,
            UsageFile usage,
            Audit audit,
            Chains chains,
            boolean mtaTls,
            TransportKind transport,
            TlsProvider tls) {}

    /**
     * What the gateway's owner says of other gateways, as it is in force.
     *
     * @param relaying decides which gateways users may reach through this one
     * @param others where clients may go when this one ends, HOST:PORT
     */
    record Chains(Supplier<ChainSettings> settings, Supplier<Policy> relaying, Supplier<List<String>> others) {}

    private RunningGateway(Parts parts) {
        int cores = Runtime.getRuntime().availableProcessors();
        loops = EventLoops.start(parts.transport(), cores, "gateway");
        pulse = new LoopPulse(loops.group());
        audit = parts.audit();
        provider = parts.tls();
        alpn = parts.mtaTls() ? List.of(TlsContexts.PROTOCOL, MtaTlsService.PROTOCOL) : List.of(TlsContexts.PROTOCOL);
        key = new Key(parts.identity(), TlsContexts.gateway(provider, parts.identity(), alpn));
        slowWork = HandshakeThreads.start(Math.max(1, cores / 2), HANDSHAKE_QUEUE);
        strangersWork = HandshakeThreads.resting(Math.max(1, cores / 2), STRANGERS_QUEUE);
        resolver = new Resolver();
        wanted = parts.limits();
        budget = new Budget(fitting(wanted), parts.usage(), new SplittableRandom());
        grants = new Grants(parts.policy());
        chains = parts.chains();
        accepted = chains.settings().get().acceptFrom();
        ServicesByKind services = services(parts);
        sessions = new SessionDirectory(
                parts.identity().pin(),
                parts.holding(),
                parts.addresses(),
                parts.conditions(),
                budget,
                parts.audit(),
                services,
                relaying(parts),
                counters);
        chainCheck = new ChainCheck(chains.settings(), sessions::addresses);
        if (parts.mtaTls()) {
            mtaTls.add(new MtaTlsService(parts.gatekeeper(), budget, services));
        }
        listeners = new GatewayListeners(
                loops,
                () -> key.tls(),
                parts.gatekeeper(),
                sessions,
                budget.arrivals(),
                new GatewayListeners.Lanes(slowWork, strangersWork),
                chainCheck,
                List.copyOf(mtaTls));
        count();
    }

    private void count() {
        counters.now("streams", "connections to destinations there are, or are being made", budget::streams);
        counters.now("strangers", "connections that have not logged in", budget.arrivals()::waiting);
        counters.total("strangers_refused", "connections refused for their address's sake", budget.arrivals()::refused);
        counters.total(
                "strangers_dropped",
                "connections dropped for others, before they logged in",
                budget.arrivals()::dropped);
        counters.total("audit_lost", "audit lines that could not be written", audit::lost);
        counters.now("open_files", "files the process has open", OpenFiles::now);
        counters.now("open_files_limit", "files it may have open", OpenFiles::most);
    }

    private ServicesByKind services(Parts parts) {
        AddressCheck check =
                (user, kind, name, address, port) -> parts.policy().get().check(user, kind, name, address, port);
        AddressFinder finder = new AddressFinder(resolver, check);
        PathCheck paths = (user, path) -> parts.policy().get().path(user, Verb.CONNECT, path);
        Admission admission = new Admission(parts.audit());
        TcpService tcp = new TcpService(
                new DestinationConnector(loops, finder, paths),
                admission,
                grants,
                new Introductions(parts.introductions()));
        UdpService udp = new UdpService(loops, finder, check, admission, grants);
        ListenPolicy listening = new ListenPolicy(parts.policy(), grants);
        ListenService listen = new ListenService(loops, listening, admission, slowWork);
        // Who may connect is the program's choice, not a destination.
        AddressFinder peers =
                new AddressFinder(resolver, (user, kind, name, address, port) -> new Verdict(true, "peer"));
        BindService bind = new BindService(loops, peers, listening, admission);
        ResolveService names = new ResolveService(resolver, new NameServer(loops, slowWork));
        return new ServicesByKind(Map.of(
                StreamKind.TCP, tcp::serve,
                StreamKind.UDP, udp::serve,
                StreamKind.BIND, bind::serve,
                StreamKind.LISTEN, listen::serve,
                StreamKind.RESOLVE, names::serve));
    }

    private RelayService relaying(Parts parts) {
        AddressCheck check = (user, kind, name, address, port) -> relayVerdict(user, name, address, port);
        AddressFinder finder = new AddressFinder(resolver, check);
        return new RelayService(
                () -> key.identity(),
                new DestinationConnector(
                        loops, finder, (user, path) -> new Verdict(false, "a gateway is reached by an address")),
                new Admission(parts.audit()),
                grants,
                this::relayVerdict,
                slowWork);
    }

    private Verdict relayVerdict(String user, @Nullable String name, InetAddress address, int port) {
        Verdict verdict = chains.relaying().get().connect(user, name, address, port);
        if (verdict.allowed()) {
            return verdict;
        }
        String place = new Destination.Ip(address, port).toString();
        return new Verdict(
                false,
                "this gateway is no relay to " + (name == null ? place : name + ":" + port + " at " + place)
                        + ", unless its owner names it:  relay-to  under  [chains]");
    }

    /** Starts everything; when this returns, clients can connect. */
    static RunningGateway start(Parts parts) {
        RunningGateway gateway = new RunningGateway(parts);
        try {
            for (Destination.Ip each : parts.listen()) {
                InetSocketAddress bound = gateway.listeners.listen(new InetSocketAddress(each.address(), each.port()));
                gateway.listening.add(new Destination.Ip(bound.getAddress(), bound.getPort()).toString());
            }
        } catch (RuntimeException e) {
            gateway.close();
            throw e;
        }
        return gateway;
    }

    /** Where it listens, HOST:PORT. */
    List<String> listening() {
        return List.copyOf(listening);
    }

    /** What the gateway counts. */
    Counters counters() {
        return counters;
    }

    /** What is wrong with it now, for a person; null if nothing is. Any thread. */
    @Nullable String illness() {
        long silence = TimeUnit.NANOSECONDS.toSeconds(pulse.silence());
        if (silence >= ILL_SECONDS) {
            return "an event loop has not turned for " + silence + " s";
        }
        if (audit.isStuck()) {
            return "the audit cannot be written, and nothing new is served";
        }
        return ending ? "the gateway is about to end" : null;
    }

    /** Whether every event loop has turned lately. */
    boolean isTurning() {
        return TimeUnit.NANOSECONDS.toSeconds(pulse.silence()) < ILL_SECONDS;
    }

    /** @param mistake what is wrong with the settings, if they are not those in force */
    GatewayStatus status(Supplier<Optional<String>> mistake) {
        return new GatewayStatus(() -> key.pin(), sessions, listening, mistake, counters);
    }

    /** Who may have how much from now on. One thread at a time. */
    void setLimits(Limits limits) {
        if (!limits.equals(wanted)) {
            wanted = limits;
            budget.change(fitting(limits), System.nanoTime());
            LOG.atInfo().log("limits.changed");
        }
    }

    /** Files that may be open come first. */
    private static Limits fitting(Limits limits) {
        return new Limits(OpenFiles.fit(limits.door(), OpenFiles.most()), limits.everyone(), limits.users());
    }

    /** Where clients reach it from now on, HOST:PORT. */
    void setAddresses(List<String> addresses) {
        sessions.setAddresses(addresses);
    }

    /** The conditions may be others now. */
    void restateConditions() {
        sessions.restateConditions();
    }

    /** Ends the sessions whose client key is no longer let in. */
    void endSessionsOf(BiPredicate<String, Pin> revoked) {
        for (GatewaySession each : sessions.all()) {
            if (revoked.test(each.user(), each.key())) {
                each.close(ErrorCode.REVOKED, "the gateway's owner has revoked this client's key");
            }
        }
        mtaTls.forEach(each -> each.endThoseOf(revoked));
    }

    /** The key in use, with what it takes to use it. */
    private record Key(Identity identity, TlsEndpoint tls) {
        Pin pin() {
            return identity.pin();
        }
    }

    /** Uses this key for connections from now on, and tells clients by which they are going to know the gateway. One thread at a time. */
    void useKeys(Identity identity, Optional<Pin> next) {
        Key old = key;
        if (!identity.pin().equals(old.pin())) {
            key = new Key(identity, TlsContexts.gateway(provider, identity, alpn));
            sessions.setKey(identity.pin());
            // A connection that arrives at this moment may have taken the old one already; it fails, and is dialed
            // again.
            old.tls().close();
            LOG.atInfo().addKeyValue("key", identity.pin()).log("key.changed");
        }
        sessions.announceKey(next.orElse(identity.pin()).toString(), next.isPresent());
    }

    /** Ends what goes on and is not allowed any more; says how many streams. */
    int endWhatIsNotAllowed() {
        Set<Pin> now = chains.settings().get().acceptFrom();
        if (!now.equals(accepted)) {
            accepted = now;
            sessions.all().forEach(each -> each.endPathsThrough(chain -> !chainCheck.isStillAccepted(chain)));
        }
        return grants.recheck();
    }

    /** Takes no further connections and streams, gives the open streams so long to end, then ends every session. */
    void drain(Duration patience) throws InterruptedException {
        ending = true;
        listeners.close();
        sessions.goAway(patience.toMillis(), chains.others().get());
        mtaTls.forEach(MtaTlsService::goAway);
        long end = System.nanoTime() + patience.toNanos();
        while (hasStreams() && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        for (GatewaySession each : sessions.all()) {
            each.close(ErrorCode.SHUTDOWN, "the gateway ends");
        }
        mtaTls.forEach(MtaTlsService::close);
        TimeUnit.MILLISECONDS.sleep(sessions.all().isEmpty() ? 0 : LAST_WORDS_MILLIS);
        close();
    }

    private boolean hasStreams() {
        return sessions.hasStreams() || mtaTls.stream().anyMatch(MtaTlsService::hasStreams);
    }

    private void close() {
        listeners.close();
        slowWork.close();
        strangersWork.close();
        resolver.close();
        loops.close();
        key.tls().close();
    }
}

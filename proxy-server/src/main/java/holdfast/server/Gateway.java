package holdfast.server;

import holdfast.console.ControlSocket;
import holdfast.console.FatalException;
import holdfast.console.HangUp;
import holdfast.console.StopSignal;
import holdfast.protocol.Destination;
import holdfast.server.admin.AdminPort;
import holdfast.server.admin.JavaLevel;
import holdfast.server.admin.ServiceManager;
import holdfast.server.audit.Audit;
import holdfast.warmup.WarmUp;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A gateway that serves. */
final class Gateway {
    /** How long ending may take beyond draining, in milliseconds, before it is forced. */
    private static final long STOP_MILLIS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger("holdfast.gateway");

    private Gateway() {}

    /**
     * Serves until the program is asked to end ({@link StopSignal}).
     *
     * @throws FatalException 73 if an address cannot be listened at, or another gateway runs with this home
     */
    static void run(GatewayOptions options) throws IOException, InterruptedException {
        List<String> addresses =
                options.config().addresses().stream().map(Destination::toString).toList();
        Duration drain = options.config().drainTime();
        StopSignal.allow(drain.toMillis() + STOP_MILLIS);
        JavaLevel.warn();
        Audit audit = Audit.start(options.config().audit());
        HomeGatekeeper gatekeeper = new HomeGatekeeper(options.users(), options.invitations());
        RunningGateway gateway = RunningGateway.start(new RunningGateway.Parts(
                options.identity(),
                options.config().listen(),
                addresses,
                options.config().holding(),
                options.policy(),
                () -> options.policy().config().introductions(),
                user -> options.policy()
                        .config()
                        .conditions()
                        .with(options.config().audit())
                        .terms(options.policy().config().limits().of(user).bandwidth()),
                gatekeeper,
                options.config().limits(),
                options.usage(),
                audit,
                new RunningGateway.Chains(
                        () -> options.policy().config().chains(),
                        options.policy()::relaying,
                        () -> options.policy().config().otherGateways().stream()
                                .map(Destination::toString)
                                .toList()),
                options.mtaTls(),
                options.transport(),
                options.tls()));
        ServiceManager service = ServiceManager.of(System.getenv());
        Upkeep upkeep =
                new Upkeep(options.policy(), options.usage(), gatekeeper, gateway, service, new Keys(options.home()));
        GatewayControl commands =
                new GatewayControl(upkeep, options.policy(), gateway.status(options.policy()::mistake));
        try (ControlSocket control =
                        ControlSocket.open("proxy-server", options.home().socket(), commands);
                Closeable admin = admin(options, gateway)) {
            upkeep.start();
            HangUp.onSignal(upkeep::reload);
            announce(control, gateway.listening());
            service.ready();
            WarmUp.begin(options.tls(), options.identity());
            StopSignal.await();
            assert admin != null : "who watches may do so to the end";
        } finally {
            service.stopping();
            gateway.drain(drain);
            upkeep.close();
            audit.close();
            service.close();
        }
    }

    /** The port for whoever watches the gateway, if there is to be one. */
    private static Closeable admin(GatewayOptions options, RunningGateway gateway) {
        Destination.Ip address = options.admin();
        if (address == null) {
            return () -> {};
        }
        AdminPort port = AdminPort.open(address, gateway.counters(), gateway::illness);
        LOG.atInfo().addKeyValue("address", port.address()).log("admin.open");
        return port;
    }

    /** The ready line: scripts wait for it. */
    private static void announce(ControlSocket control, List<String> listening) {
        System.err.println("proxy-server: ready, listening on " + String.join(" ", listening));
        System.err.flush();
        assert control != null : "who is told it is ready may ask for its status";
    }
}

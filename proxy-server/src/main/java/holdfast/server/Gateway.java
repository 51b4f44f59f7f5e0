package holdfast.server;

import holdfast.console.ControlSocket;
import holdfast.console.FatalException;
import holdfast.console.StopSignal;
import holdfast.protocol.Destination;
import holdfast.server.audit.Audit;
import holdfast.server.budget.Budget;
import holdfast.server.budget.UsageFile;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A gateway that serves. */
final class Gateway {
    /** How long open streams have when the gateway is asked to end. */
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private static final long UPKEEP_SECONDS = 1;
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.gateway");

    private Gateway() {}

    /**
     * Serves until the program is asked to end ({@link StopSignal}).
     *
     * @throws FatalException 73 if an address cannot be listened at, or another gateway runs with this home
     */
    static void run(GatewayOptions options) throws InterruptedException {
        List<String> addresses =
                options.config().addresses().stream().map(Destination::toString).toList();
        Audit audit = Audit.start(options.config().audit());
        HomeGatekeeper gatekeeper = new HomeGatekeeper(options.users(), options.invitations());
        RunningGateway gateway = RunningGateway.start(new RunningGateway.Parts(
                options.identity(),
                options.config().listen(),
                addresses,
                options.config().holdTime(),
                options.policy(),
                gatekeeper,
                new Budget(options.config().limits(), options.usage(), new SplittableRandom()),
                audit,
                options.transport(),
                options.tls()));
        ScheduledExecutorService upkeep = Executors.newSingleThreadScheduledExecutor(Gateway::thread);
        upkeep.scheduleWithFixedDelay(
                () -> {
                    options.policy().refresh();
                    save(options.usage());
                    gatekeeper.refresh();
                    gateway.endSessionsOf(gatekeeper::isRevoked);
                },
                UPKEEP_SECONDS,
                UPKEEP_SECONDS,
                TimeUnit.SECONDS);
        try (ControlSocket control =
                ControlSocket.open("proxy-server", options.home().socket(), gateway.status())) {
            announce(control, gateway.listening());
            StopSignal.await();
        } finally {
            upkeep.shutdownNow();
            gateway.drain(DRAIN);
            save(options.usage());
            audit.close();
        }
    }

    private static void save(UsageFile usage) {
        try {
            usage.save();
        } catch (IOException e) {
            LOG.atError().addKeyValue("reason", e.getMessage()).log("usage.not_written");
        }
    }

    /** The ready line: scripts wait for it. */
    private static void announce(ControlSocket control, List<String> listening) {
        System.err.println("proxy-server: ready, listening on " + String.join(" ", listening));
        System.err.flush();
        assert control != null : "who is told it is ready may ask for its status";
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "upkeep");
        thread.setDaemon(true);
        return thread;
    }
}

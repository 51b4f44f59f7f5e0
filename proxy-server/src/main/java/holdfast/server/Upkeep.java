package holdfast.server;

import holdfast.protocol.Destination;
import holdfast.server.admin.ServiceManager;
import holdfast.server.budget.Limits;
import holdfast.server.budget.UsageFile;
import holdfast.server.config.ConditionsTable;
import holdfast.server.config.GatewayConfig;
import holdfast.server.config.LivePolicy;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after a running gateway once a second: files that have changed, and what they no longer allow. */
final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.gateway");
    private static final long SECONDS = 1;

    private final LivePolicy policy;
    private final UsageFile usage;
    private final HomeGatekeeper gatekeeper;
    private final RunningGateway gateway;
    private final ServiceManager service;
    private final Keys keys;
    private Stated stated;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(Upkeep::thread);

    /** What conditions are made of. */
    private record Stated(ConditionsTable conditions, Limits limits) {
        static Stated of(GatewayConfig config) {
            return new Stated(config.conditions(), config.limits());
        }
    }

    Upkeep(
            LivePolicy policy,
            UsageFile usage,
            HomeGatekeeper gatekeeper,
            RunningGateway gateway,
            ServiceManager service,
            Keys keys) {
        this.policy = policy;
        this.usage = usage;
        this.gatekeeper = gatekeeper;
        this.gateway = gateway;
        this.service = service;
        this.keys = keys;
        this.stated = Stated.of(policy.config());
    }

    void start() {
        thread.scheduleWithFixedDelay(this::look, SECONDS, SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Reads the settings and the users again, whether they have changed or not, and puts them in force.
     *
     * @return what is wrong with the settings; then the old ones stay in force
     */
    synchronized Optional<String> reload() {
        Optional<String> mistake = policy.reload();
        int ended = enforce();
        LOG.atInfo()
                .addKeyValue("settings", mistake.isPresent() ? "unchanged" : "read")
                .addKeyValue("ended_streams", ended)
                .log("gateway.reloaded");
        return mistake;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        save();
    }

    private synchronized void look() {
        try {
            policy.refresh();
            enforce();
        } catch (RuntimeException e) {
            // An exception would end the thread's work for good.
            LOG.atError().setCause(e).log("upkeep.failed");
        }
        save();
        if (gateway.isTurning()) {
            service.alive("serving");
        }
    }

    /** Tells every client, if the conditions are others now. */
    private void restate() {
        Stated now = Stated.of(policy.config());
        if (!now.equals(stated)) {
            stated = now;
            gateway.restateConditions();
        }
    }

    /** Ends what files and rules no longer allow, and says how many streams that were. */
    private int enforce() {
        keys.look(gateway);
        gatekeeper.refresh();
        gateway.endSessionsOf(gatekeeper::isRevoked);
        gateway.setLimits(policy.config().limits());
        gateway.setAddresses(
                policy.config().addresses().stream().map(Destination::toString).toList());
        restate();
        return gateway.endWhatIsNotAllowed();
    }

    private void save() {
        try {
            usage.save();
        } catch (IOException e) {
            LOG.atError().addKeyValue("reason", e.getMessage()).log("usage.not_written");
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "upkeep");
        thread.setDaemon(true);
        return thread;
    }
}

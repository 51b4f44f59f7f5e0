package holdfast.client;

import holdfast.client.discovery.Discovery;
import holdfast.client.gateways.GatewayPlan;
import holdfast.client.session.SessionKeeper;
import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks again where a gateway is, while it is not reached, for logins whose user has said where to ask. What is found is tried and no more: the key
 * decides, and nothing is written down.
 */
final class Rediscovery {
    /** So many places are tried of those that somebody names. */
    static final int MAX_HINTS = 8;

    private static final Logger LOG = LoggerFactory.getLogger("holdfast.discovery");

    private static final long LOOK_MILLIS = 1_000;

    /** An outage of the network alone is over before, most often. */
    private static final long FIRST_MILLIS = 5_000;

    private static final long AGAIN_MILLIS = 60_000;

    private final EventLoop loop;
    private final Executor slowWork;
    private final List<Asked> all = new ArrayList<>();

    /** A gateway that somebody is asked about. */
    private static final class Asked {
        final SessionKeeper keeper;
        final String domain;
        long nextMillis = FIRST_MILLIS;

        Asked(SessionKeeper keeper, String domain) {
            this.keeper = keeper;
            this.domain = domain;
        }
    }

    /**
     * Is to be made before anything runs.
     *
     * @param gateways the sessions, by login
     * @throws FatalException 78 if what a login names is no domain
     */
    Rediscovery(EventLoop loop, Executor slowWork, GatewayPlan plan, Map<String, SessionKeeper> gateways) {
        this.loop = loop;
        this.slowWork = slowWork;
        gateways.forEach((name, keeper) ->
                plan.login(name).domain().ifPresent(domain -> all.add(new Asked(keeper, checked(name, domain)))));
    }

    private static String checked(String login, String domain) {
        try {
            return Discovery.domain(domain);
        } catch (IllegalArgumentException e) {
            throw new FatalException(ExitCode.CONFIG, "'domain' of the login " + login + ": " + e.getMessage(), e);
        }
    }

    /** Begins to watch; it ends with the loop. */
    void start() {
        if (!all.isEmpty()) {
            loop.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        long now = System.nanoTime();
        for (Asked each : all) {
            long silent = each.keeper.silentMillis(now);
            if (silent == 0) {
                each.nextMillis = FIRST_MILLIS;
            } else if (silent >= each.nextMillis) {
                each.nextMillis = silent + AGAIN_MILLIS;
                slowWork.execute(() -> ask(each));
            }
        }
    }

    private void ask(Asked asked) {
        List<String> found;
        try {
            found = Discovery.usual().look(asked.domain, true).usable();
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("login", asked.keeper.name())
                    .addKeyValue("reason", e.getMessage())
                    .log("gateway.not_discovered");
            return;
        }
        LOG.atInfo()
                .addKeyValue("login", asked.keeper.name())
                .addKeyValue("domain", asked.domain)
                .addKeyValue("found", String.join(" ", found))
                .log("gateway.discovered");
        loop.execute(() -> found.stream().limit(MAX_HINTS).forEach(asked.keeper::tryAlso));
    }
}

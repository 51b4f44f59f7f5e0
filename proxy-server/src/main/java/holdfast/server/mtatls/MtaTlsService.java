package holdfast.server.mtatls;

import holdfast.identity.Pin;
import holdfast.mtatls.MtaTls;
import holdfast.server.budget.Budget;
import holdfast.server.budget.SessionBudget;
import holdfast.server.gateway.Gatekeeper;
import holdfast.server.gateway.OtherProtocol;
import holdfast.server.session.StreamService;
import io.netty.channel.Channel;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All clients that speak MTA-TLS. Any thread may use it. */
public final class MtaTlsService implements OtherProtocol {
    /** Its name in ALPN. */
    public static final String PROTOCOL = MtaTls.PROTOCOL;

    private static final Logger LOG = LoggerFactory.getLogger("holdfast.mtatls");

    private final Gatekeeper gatekeeper;
    private final Budget budget;
    private final StreamService service;
    private final Set<MtaTlsClient> clients = ConcurrentHashMap.newKeySet();
    private volatile boolean goingAway;

    public MtaTlsService(Gatekeeper gatekeeper, Budget budget, StreamService service) {
        this.gatekeeper = gatekeeper;
        this.budget = budget;
        this.service = service;
    }

    @Override
    public String name() {
        return PROTOCOL;
    }

    /** The client may ask for channels at once; they are served when it is known who it is. */
    @Override
    public void welcome(Channel channel, Newcomer newcomer) {
        MtaTlsClient client = new MtaTlsClient(channel, newcomer.key(), service, () -> goingAway, clients::remove);
        try {
            newcomer.slowWork().execute(() -> {
                Optional<String> user = gatekeeper.userOf(newcomer.key());
                channel.eventLoop().execute(() -> admit(client, newcomer, user.orElse(null)));
            });
        } catch (RejectedExecutionException e) {
            client.close("the gateway is busy");
        }
    }

    private void admit(MtaTlsClient client, Newcomer newcomer, @Nullable String user) {
        newcomer.greeted().run();
        if (user == null) {
            newcomer.stranger().failed(System.nanoTime());
            LOG.atInfo()
                    .addKeyValue("peer", client.peer())
                    .addKeyValue("key", newcomer.key())
                    .log("client.refused");
            client.close("the gateway does not know this client's key");
            return;
        }
        newcomer.stranger().loggedIn();
        SessionBudget started = budget.startSession(user, client.brief(), System.nanoTime());
        if (started == null) {
            client.close(user + " has too many sessions; end another client first");
        } else if (!client.admit(started)) {
            started.end();
        } else {
            clients.add(client);
            if (client.isOver()) {
                clients.remove(client);
            }
        }
    }

    /** How many clients have logged in and are connected. */
    public int count() {
        return clients.size();
    }

    /** Ends the connections of clients whose key is no longer let in. */
    public void endThoseOf(BiPredicate<String, Pin> revoked) {
        for (MtaTlsClient each : clients) {
            if (revoked.test(each.user(), each.key())) {
                each.closeFromOutside("the gateway's owner has revoked this client's key");
            }
        }
    }

    /** Refuses every further channel. */
    public void goAway() {
        goingAway = true;
    }

    /** Whether any client has a channel. */
    public boolean hasStreams() {
        return clients.stream().anyMatch(each -> each.streamCount() > 0);
    }

    /** Ends every connection. */
    public void close() {
        clients.forEach(each -> each.closeFromOutside("the gateway ends"));
    }
}

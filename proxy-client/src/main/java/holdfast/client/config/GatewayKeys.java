package holdfast.client.config;

import holdfast.client.session.KeyNews;
import holdfast.console.FatalException;
import holdfast.identity.Pin;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys by which the gateway is known: the one of the account, and the next one while the gateway changes its key. What is learned is written
 * into {@code client.toml}, on a thread of its own. Safe for all threads.
 */
public final class GatewayKeys implements KeyNews {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.gateway");

    private static final long IDLE_SECONDS = 1;

    private final ClientHome home;
    private final Set<Pin> accepted = ConcurrentHashMap.newKeySet();
    /** Its thread is there only while there is something to write, so it need not be closed. What the program's end overtakes is learned again. */
    private final Executor writer = new ThreadPoolExecutor(
            0, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), GatewayKeys::thread);

    private Account account;

    /** @param home where the account is written when a key changes */
    GatewayKeys(ClientHome home, Account account) {
        this.home = home;
        this.account = account;
        accepted.addAll(account.gatewayKeys());
    }

    @Override
    public Set<Pin> accepted() {
        return Collections.unmodifiableSet(accepted);
    }

    @Override
    public synchronized Pin present() {
        return account.gateway();
    }

    @Override
    public synchronized void announced(String text) {
        Pin pin;
        try {
            pin = Pin.parse(text);
        } catch (IllegalArgumentException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("gateway.key-ignored");
            return;
        }
        Optional<Pin> next = pin.equals(account.gateway()) ? Optional.empty() : Optional.of(pin);
        if (!next.equals(account.next())) {
            become(account.withKeys(account.gateway(), next));
            LOG.atInfo()
                    .addKeyValue("next", next.map(Pin::toString).orElse("none"))
                    .log("gateway.key-announced");
        }
    }

    /** If it is the next one, the change is over. */
    @Override
    public synchronized void proven(Pin pin) {
        if (account.next().equals(Optional.of(pin))) {
            become(account.withKeys(pin, Optional.empty()));
            LOG.atInfo().addKeyValue("key", pin).log("gateway.key-changed");
        }
    }

    private void become(Account changed) {
        account = changed;
        accepted.addAll(changed.gatewayKeys());
        accepted.retainAll(changed.gatewayKeys());
        writer.execute(() -> {
            try {
                // The rest of it may have been changed meanwhile, by hand or by another command.
                home.change(inFile -> inFile.withKeys(changed.gateway(), changed.next()));
            } catch (IOException | FatalException e) {
                LOG.atWarn()
                        .addKeyValue("file", home.config())
                        .addKeyValue("reason", e.getMessage())
                        .log("gateway.key-not-written");
            }
        });
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "gateway-keys");
        thread.setDaemon(true);
        return thread;
    }
}

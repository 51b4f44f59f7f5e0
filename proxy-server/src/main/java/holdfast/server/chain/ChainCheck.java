package holdfast.server.chain;

import holdfast.identity.Chain;
import holdfast.identity.ChainLink;
import holdfast.identity.Pin;
import holdfast.protocol.Destination;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Judges the chain that a connection says it comes through. Of the last relay, which has made the connection, the word has to be fresh, new and about this
 * gateway; those before it were judged by the next one each, which has signed them along with its own.
 *
 * <p>Safe for all threads; takes as long as a few signatures, so it is never asked on an event loop.
 */
public final class ChainCheck {
    /** So many connections a minute through relays are told apart; then it is too many. */
    private static final int MAX_REMEMBERED = 100_000;

    private final Supplier<ChainSettings> settings;
    private final Supplier<List<String>> addresses;
    private final Map<String, Instant> seen = new HashMap<>();

    /** This gateway will not be reached so; the message is for whoever uses the client. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }

        RefusedException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** @param addresses where this gateway is reached, HOST:PORT */
    public ChainCheck(Supplier<ChainSettings> settings, Supplier<List<String>> addresses) {
        this.settings = settings;
        this.addresses = addresses;
    }

    /**
     * The chain that a connection starts with.
     *
     * @param body as {@link Chain#parseBody} takes it; empty for a connection that has none
     * @throws RefusedException where the gateway's rules do not list a relay in it, or it proves nothing
     */
    public Chain judge(byte[] body, Instant now) throws RefusedException {
        if (body.length == 0) {
            return Chain.NONE;
        }
        Set<Pin> accepted = settings.get().acceptFrom();
        if (accepted.isEmpty()) {
            throw new RefusedException("this gateway is not reached through relays: none is listed in  accept-from");
        }
        Chain chain;
        try {
            chain = Chain.parseBody(body);
        } catch (IOException e) {
            throw new RefusedException(e);
        }
        for (Pin each : chain.relays()) {
            if (!accepted.contains(each)) {
                throw new RefusedException("this gateway is not reached through the relay " + each
                        + ", which is not listed in  accept-from");
            }
        }
        judgeLast(chain.links().get(chain.links().size() - 1), now);
        return chain;
    }

    private void judgeLast(ChainLink last, Instant now) throws RefusedException {
        if (!last.isFreshAt(now)) {
            throw new RefusedException(
                    "the relay's word is not of this minute: its clock and this gateway's differ by more than "
                            + ChainLink.FRESH.toSeconds() + " s");
        }
        if (!isOwn(last.next())) {
            throw new RefusedException(
                    "the relay was asked to connect to " + last.next() + ", which is no address of this gateway");
        }
        if (!isNew(last.nonce(), now)) {
            throw new RefusedException("the relay's word was used before");
        }
    }

    private boolean isOwn(String next) {
        return addresses.get().stream().anyMatch(each -> normal(each).equals(normal(next)));
    }

    private static String normal(String address) {
        try {
            return Destination.parse(address).toString();
        } catch (IllegalArgumentException e) {
            return address;
        }
    }

    private synchronized boolean isNew(String nonce, Instant now) {
        if (seen.size() >= MAX_REMEMBERED) {
            // What is older is not fresh any more.
            Instant oldest = now.minus(ChainLink.FRESH.multipliedBy(2));
            seen.values().removeIf(each -> each.isBefore(oldest));
        }
        return seen.size() < MAX_REMEMBERED && seen.putIfAbsent(nonce, now) == null;
    }

    /** Whether a chain that was accepted would be accepted now, its age aside. */
    public boolean isStillAccepted(Chain chain) {
        return settings.get().acceptFrom().containsAll(chain.relays());
    }
}

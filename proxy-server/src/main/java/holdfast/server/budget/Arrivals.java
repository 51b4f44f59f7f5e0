package holdfast.server.budget;

import holdfast.flowcontrol.TokenBucket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Connections that have not logged in yet: how many there may be, in all and from one source, and who has to go when there are too many.
 *
 * <p>From {@link DoorLimits#start} on, each arrival drops one with a chance that rises from 30 % to certainty at {@link DoorLimits#full}: one picked at
 * random among all who wait and the newcomer. Who floods holds most places and so loses most of them, while a client that is done in two round trips
 * is seldom hit. Sources from which somebody has logged in lately have a quarter as many places again to themselves, and each of them more at once.
 *
 * <p>Any thread.
 */
public final class Arrivals {
    private static final int MAX_SOURCES = 16_384;
    private static final double PENALTY = 10;

    /** Behind one address there may be many clients, all of which come back at once after an outage. */
    private static final int KNOWN_SHARE = 8;

    private static final double SECONDS_PER_MINUTE = 60;

    private final Supplier<DoorLimits> limits;
    private final RandomGenerator random;
    private final Map<Source, Integer> waitingOf = new HashMap<>();
    private final Map<Source, TokenBucket> rates = oldestForgotten();
    private final Map<Source, Boolean> known = oldestForgotten();
    private final List<Stranger> droppable = new ArrayList<>();
    private int knownWaiting;
    private long refused;
    private long dropped;

    Arrivals(Supplier<DoorLimits> limits, RandomGenerator random) {
        this.limits = limits;
        this.random = random;
    }

    /**
     * A connection has arrived.
     *
     * @param drop closes the connection, from any thread; called when it has to make room for others
     * @return its place, or null where it is to be closed without a word
     */
    public @Nullable Stranger arrived(Source source, long now, Runnable drop) {
        Stranger victim;
        Stranger newcomer;
        synchronized (this) {
            DoorLimits limit = limits.get();
            boolean isKnown = known.containsKey(source);
            int mayWait = isKnown ? KNOWN_SHARE * limit.perSource() : limit.perSource();
            if (waitingOf.getOrDefault(source, 0) >= mayWait
                    || !rate(source, limit, now).tryTake(1, now)
                    || (isKnown && knownWaiting >= reserve(limit))) {
                refused++;
                return null;
            }
            newcomer = new Stranger(this, source, isKnown, drop);
            waitingOf.merge(source, 1, Integer::sum);
            if (isKnown) {
                knownWaiting++;
                return newcomer;
            }
            newcomer.index = droppable.size();
            droppable.add(newcomer);
            victim = victim(limit);
            if (victim != null) {
                remove(victim);
                dropped++;
            }
        }
        if (victim == newcomer) {
            return null;
        }
        if (victim != null) {
            victim.drop();
        }
        return newcomer;
    }

    /** How many wait. */
    public synchronized int waiting() {
        return droppable.size() + knownWaiting;
    }

    /** How many were turned away for their source's sake, since the start. */
    public synchronized long refused() {
        return refused;
    }

    /** How many were dropped for others, since the start. */
    public synchronized long dropped() {
        return dropped;
    }

    /** The rates of addresses that are known already are others from now on. */
    synchronized void follow(DoorLimits limit, long now) {
        rates.values().forEach(each -> each.change(perSecond(limit), limit.handshakesPerMinute(), now));
    }

    synchronized void leave(Stranger stranger, boolean loggedIn) {
        if (loggedIn && stranger.counted) {
            known.put(stranger.source(), true);
            // Only who comes for nothing uses the rate up.
            TokenBucket rate = rates.get(stranger.source());
            if (rate != null) {
                rate.giveBack(1);
            }
        }
        remove(stranger);
    }

    synchronized void penalise(Source source, long now) {
        rate(source, limits.get(), now).charge(PENALTY, now);
    }

    private void remove(Stranger stranger) {
        if (!stranger.counted) {
            return;
        }
        stranger.counted = false;
        waitingOf.computeIfPresent(stranger.source(), (source, count) -> count > 1 ? count - 1 : null);
        if (stranger.index < 0) {
            knownWaiting--;
            return;
        }
        Stranger last = droppable.remove(droppable.size() - 1);
        if (last != stranger) {
            droppable.set(stranger.index, last);
            last.index = stranger.index;
        }
    }

    /** Who has to go, the newcomer being the last of the list; null if nobody. */
    private @Nullable Stranger victim(DoorLimits limit) {
        int waiting = droppable.size() - 1;
        if (waiting < limit.start()) {
            return null;
        }
        int span = Math.max(1, limit.full() - limit.start());
        int percent = DoorLimits.DROP_PERCENT + (100 - DoorLimits.DROP_PERCENT) * (waiting - limit.start()) / span;
        return waiting >= limit.full() || random.nextInt(100) < percent
                ? droppable.get(random.nextInt(droppable.size()))
                : null;
    }

    private TokenBucket rate(Source source, DoorLimits limit, long now) {
        return rates.computeIfAbsent(
                source, any -> new TokenBucket(perSecond(limit), limit.handshakesPerMinute(), now));
    }

    private static double perSecond(DoorLimits limit) {
        return limit.handshakesPerMinute() / SECONDS_PER_MINUTE;
    }

    private static int reserve(DoorLimits limit) {
        return Math.max(limit.perSource(), limit.full() / 4);
    }

    private static <V> Map<Source, V> oldestForgotten() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Source, V> eldest) {
                return size() > MAX_SOURCES;
            }
        };
    }
}

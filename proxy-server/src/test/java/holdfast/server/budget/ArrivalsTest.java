package holdfast.server.budget;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Strangers get places, but not all of them, and not one of them most. */
final class ArrivalsTest {
    private static final DoorLimits LIMITS = DoorLimits.DEFAULT;
    private static final long SECOND = 1_000_000_000;

    private final Arrivals arrivals = new Arrivals(() -> LIMITS, new SplittableRandom(1));
    private final AtomicInteger dropped = new AtomicInteger();

    @Test
    void oneAddressGetsSixteenPlaces() {
        List<Stranger> inside = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            add(inside, arrive("192.0.2.1", 0));
        }

        assertThat(inside).hasSize(16);
        assertThat(arrive("192.0.2.2", 0)).as("another address").isNotNull();
        assertThat(arrivals.refused()).isEqualTo(84);
    }

    @Test
    void theAddressesOfOneIp6NetworkShareTheirPlaces() {
        for (int i = 0; i < 16; i++) {
            assertThat(arrive("2001:db8:1:2::" + i, 0)).isNotNull();
        }

        assertThat(arrive("2001:db8:1:2:ffff::1", 0)).isNull();
        assertThat(arrive("2001:db8:1:3::1", 0)).as("the next network").isNotNull();
    }

    @Test
    void aPlaceIsFreeAgainOnceTheConnectionEnds() {
        List<Stranger> inside = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            add(inside, arrive("192.0.2.1", 0));
        }

        inside.get(0).left();
        inside.get(0).left();

        assertThat(arrive("192.0.2.1", 0)).isNotNull();
        assertThat(arrive("192.0.2.1", 0)).as("one was freed, not two").isNull();
        assertThat(arrivals.waiting()).isEqualTo(16);
    }

    @Test
    void whoComesForNothingAgainAndAgainIsTurnedAwayUntilTimeHasPassed() {
        int inside = 0;
        for (int i = 0; i < 5000; i++) {
            Stranger stranger = arrive("192.0.2.1", 0);
            if (stranger != null) {
                inside++;
                stranger.left();
            }
        }

        assertThat(inside).isEqualTo(LIMITS.handshakesPerMinute());
        assertThat(arrive("192.0.2.1", SECOND / 20)).isNull();
        assertThat(arrive("192.0.2.1", SECOND)).isNotNull();
    }

    @Test
    void whoLogsInComesAsOftenAsItLikes() {
        for (int i = 0; i < 5000; i++) {
            requireNonNull(arrive("192.0.2.1", 0), "connection " + i).loggedIn();
        }
    }

    @Test
    void aRefusedLoginCostsTenConnections() {
        for (int i = 0; i < 54; i++) {
            Stranger stranger = requireNonNull(arrive("192.0.2.1", 0), "connection " + i);
            stranger.failed(0);
            stranger.left();
        }

        assertThat(arrive("192.0.2.1", 0)).isNotNull();
        for (int i = 0; i < 6; i++) {
            arrive("192.0.2.1", 0);
        }
        assertThat(arrive("192.0.2.1", 0)).isNull();
    }

    @Test
    void thereAreNeverMoreThanTheMostHoweverManyCome() {
        int inside = 0;
        for (int i = 0; i < 20_000; i++) {
            inside += arrive("10." + i / 65_536 + "." + i / 256 % 256 + "." + i % 256, 0) == null ? 0 : 1;
            assertThat(arrivals.waiting()).isLessThanOrEqualTo(LIMITS.full());
        }

        assertThat(inside - dropped.get()).as("let in and not dropped").isEqualTo(arrivals.waiting());
        assertThat(arrivals.dropped()).isGreaterThan(18_000);
    }

    @Test
    void aClientThatIsQuickGetsThroughAFloodThatIsSlow() {
        int through = 0;
        int next = 0;
        for (int client = 0; client < 200; client++) {
            Stranger real = null;
            boolean[] lost = {false};
            for (int i = 0; i < 200; i++, next++) {
                arrive("10." + next / 65_536 + "." + next / 256 % 256 + "." + next % 256, 0);
                if (i == 100) {
                    real = arrivals.arrived(source("172.16.0." + client), 0, () -> lost[0] = true);
                }
            }
            // 100 strangers later, a tenth of a second of a flood of 1000 a second, the client is done.
            if (real != null && !lost[0]) {
                through++;
                real.loggedIn();
            }
        }

        assertThat(through).as("of 200").isGreaterThan(160);
    }

    @Test
    void anAddressThatHasLoggedInHasPlacesThatNoFloodTakes() {
        requireNonNull(arrive("192.0.2.1", 0), "first").loggedIn();
        for (int i = 0; i < 20_000; i++) {
            arrive("10." + i / 65_536 + "." + i / 256 % 256 + "." + i % 256, 0);
        }
        AtomicInteger lost = new AtomicInteger();

        for (int i = 0; i < 100; i++) {
            Stranger known = arrivals.arrived(source("192.0.2.1"), 0, lost::incrementAndGet);
            assertThat(known).isNotNull().matches(Stranger::isKnown);
        }
        for (int i = 20_000; i < 30_000; i++) {
            arrive("10." + i / 65_536 + "." + i / 256 % 256 + "." + i % 256, 0);
        }

        assertThat(lost).hasValue(0);
    }

    private @Nullable Stranger arrive(String address, long now) {
        return arrivals.arrived(source(address), now, dropped::incrementAndGet);
    }

    private static void add(List<Stranger> to, @Nullable Stranger stranger) {
        if (stranger != null) {
            to.add(stranger);
        }
    }

    private static Source source(String address) {
        try {
            return Source.of(new InetSocketAddress(InetAddress.getByName(address), 1));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}

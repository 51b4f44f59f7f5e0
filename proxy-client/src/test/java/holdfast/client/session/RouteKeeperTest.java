package holdfast.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.client.dialer.Carrier;
import holdfast.client.dialer.Dialer;
import holdfast.client.dialer.PathPlan;
import holdfast.client.dialer.Route;
import holdfast.identity.Identity;
import holdfast.protocol.Destination;
import holdfast.protocol.PathStanding;
import holdfast.transport.EventLoops;
import holdfast.transport.PathChannel;
import holdfast.transport.TlsContexts;
import holdfast.transport.TlsEndpoint;
import holdfast.transport.TlsProvider;
import holdfast.transport.TransportKind;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.net.NoRouteToHostException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When routes are dialed. What connects them here is a carrier, so that every dial is seen and none leaves this machine. */
final class RouteKeeperTest {
    private static final long SOME_PATH = 7;

    private final EventLoops loops = EventLoops.start(TransportKind.NIO, 1, "keeper");
    private final EventLoop loop = loops.next();
    private final Identity identity = Identity.create("somebody", new SecureRandom());
    private final TlsEndpoint tls = TlsContexts.client(TlsProvider.JDK, identity, Set.of(identity.pin()));
    private final DeadEnd carrier = new DeadEnd();
    private final Standing standing = new Standing();
    private final RouteKeeper keeper = new RouteKeeper(
            new Dialer(loops, loop, tls, Runnable::run, pin -> {}, Map.of("relay", carrier)),
            loop,
            new PathPlan(List.of(), false, List.of(new PathPlan.Way("relay", PathStanding.ACTIVE))),
            List.of("gw.example:7443"),
            standing);

    /** Nothing leads anywhere, so that a route rests for ten seconds and more after its first dial. */
    private static final class DeadEnd implements Carrier {
        int dials;

        @Override
        public boolean isUp() {
            return true;
        }

        @Override
        public Runnable connect(Destination to, ChannelHandler handler, Consumer<Throwable> failed) {
            dials++;
            failed.accept(new NoRouteToHostException("nothing leads to " + to));
            return () -> {};
        }
    }

    /** How it stands with the session's paths. */
    private static final class Standing implements RouteKeeper.Use {
        boolean pathUp = true;
        boolean needed = true;

        @Override
        public long attach(PathChannel channel, Route route, PathStanding how) {
            throw new AssertionError("nothing connects here");
        }

        @Override
        public void setStanding(long path, PathStanding how) {}

        @Override
        public void replace(long path) {}

        @Override
        public boolean hasPathUp() {
            return pathUp;
        }

        @Override
        public boolean isNeeded() {
            return needed;
        }

        @Override
        public void failed(Route route, Throwable cause) {}
    }

    @BeforeEach
    void dialOnce() throws Exception {
        onLoop(() -> keeper.setInterfaces(List.of()));
        assertThat(carrier.dials).isEqualTo(1);
    }

    @AfterEach
    void close() {
        tls.close();
        loops.close();
    }

    @Test
    void aRouteThatRestsIsDialedAtOnceWhenTheLastPathFallsSilent() throws Exception {
        onLoop(() -> {
            standing.pathUp = false;
            keeper.pathSuspected(SOME_PATH);
        });

        assertThat(carrier.dials).isEqualTo(2);
    }

    @Test
    void aRouteRestsOnWhileAnotherPathIsUp() throws Exception {
        onLoop(() -> keeper.pathSuspected(SOME_PATH));

        assertThat(carrier.dials).isEqualTo(1);
    }

    @Test
    void aRouteRestsOnWhileNothingNeedsAPath() throws Exception {
        onLoop(() -> {
            standing.pathUp = false;
            standing.needed = false;
            keeper.pathSuspected(SOME_PATH);
        });

        assertThat(carrier.dials).isEqualTo(1);
    }

    @Test
    void aPathThatIsDoubtedAgainAndAgainDoesNotMakeStormsOfDials() throws Exception {
        onLoop(() -> {
            standing.pathUp = false;
            for (int i = 0; i < 100; i++) {
                keeper.pathSuspected(SOME_PATH);
                keeper.pathTrusted(SOME_PATH);
            }
        });

        assertThat(carrier.dials).isLessThan(10);
    }

    /** Runs it there, and what it has put off until the loop has nothing else to do. */
    private void onLoop(Runnable step) throws Exception {
        loop.submit(step).get();
        loop.submit(() -> {}).get();
    }
}

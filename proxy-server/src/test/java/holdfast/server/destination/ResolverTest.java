package holdfast.server.destination;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.protocol.ErrorCode;
import holdfast.transport.EventLoops;
import holdfast.transport.TransportKind;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Names are asked for off the loops, a bounded number at once, and nobody waits for ever. */
final class ResolverTest {
    private static final long MINUTE = 60_000;

    @Test
    void aNameOfThisMachineIsFoundByTheSystem() throws Exception {
        try (EventLoops loops = EventLoops.start(TransportKind.NIO, 1, "test");
                Resolver resolver = new Resolver()) {
            assertThat(ask(resolver, loops.next(), "localhost").found())
                    .isNotEmpty()
                    .allMatch(InetAddress::isLoopbackAddress);
        }
    }

    @Test
    void aNameThatDoesNotExistIsRefused() throws Exception {
        NameLookup nobody = name -> {
            throw new UnknownHostException(name + ": not known");
        };
        try (EventLoops loops = EventLoops.start(TransportKind.NIO, 1, "test");
                Resolver resolver = new Resolver(nobody, 1, 1, MINUTE)) {
            assertThat(ask(resolver, loops.next(), "no.example").refused().code())
                    .isEqualTo(ErrorCode.NAME_NOT_FOUND);
            // The answer was not kept: a name may exist later.
            assertThat(ask(resolver, loops.next(), "no.example").refused().code())
                    .isEqualTo(ErrorCode.NAME_NOT_FOUND);
        }
    }

    @Test
    void theSlowNamesOfOneUserDelayNobodyElse() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        NameLookup slow = name -> {
            if (!name.equals("quick.example")) {
                awaitQuietly(never);
            }
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        };
        try (EventLoops loops = EventLoops.start(TransportKind.NIO, 1, "test");
                Resolver resolver = new Resolver(slow, 64, 256, MINUTE)) {
            for (int i = 0; i < 5000; i++) {
                ask(resolver, loops.next(), "slow" + i + ".example");
            }

            EventLoop loop = loops.next();
            Asked bobs = new Asked(loop);
            resolver.resolve("bob", "quick.example", loop, bobs);

            assertThat(bobs.found()).hasSize(1);
            never.countDown();
        }
    }

    @Test
    void aNameWithoutAnAnswerTimesOutForEveryOneWhoAskedAndHoldsOneThread() throws Exception {
        AtomicInteger questions = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        NameLookup slow = name -> {
            if (name.equals("quick.example")) {
                return new InetAddress[] {InetAddress.getLoopbackAddress()};
            }
            questions.incrementAndGet();
            awaitQuietly(never);
            return new InetAddress[0];
        };
        try (EventLoops loops = EventLoops.start(TransportKind.NIO, 1, "test");
                Resolver resolver = new Resolver(slow, 2, 1, 100)) {
            List<Asked> askers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                askers.add(ask(resolver, loops.next(), "slow.example"));
            }

            for (Asked each : askers) {
                assertThat(each.refused().code()).isEqualTo(ErrorCode.TIMED_OUT);
            }
            assertThat(questions).hasValue(1);
            assertThat(ask(resolver, loops.next(), "quick.example").found()).hasSize(1);
            never.countDown();
        }
    }

    @Test
    void moreNamesThanFitAreRefusedAtOnce() throws Exception {
        CountDownLatch later = new CountDownLatch(1);
        NameLookup slow = name -> {
            awaitQuietly(later);
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        };
        try (EventLoops loops = EventLoops.start(TransportKind.NIO, 1, "test");
                Resolver resolver = new Resolver(slow, 1, 1, MINUTE)) {
            Asked first = ask(resolver, loops.next(), "a.example");
            Asked second = ask(resolver, loops.next(), "b.example");
            Asked third = ask(resolver, loops.next(), "c.example");

            assertThat(third.refused().code()).isEqualTo(ErrorCode.LIMIT_REACHED);
            later.countDown();
            assertThat(first.found()).hasSize(1);
            assertThat(second.found()).hasSize(1);
            assertThat(ask(resolver, loops.next(), "c.example").found()).hasSize(1);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Asked ask(Resolver resolver, EventLoop loop, String name) {
        Asked asked = new Asked(loop);
        resolver.resolve("alice", name, loop, asked);
        return asked;
    }

    private static final class Asked implements Resolver.Answer {
        private final EventLoop loop;
        private final CompletableFuture<List<InetAddress>> addresses = new CompletableFuture<>();
        private final CompletableFuture<Refusal> refusal = new CompletableFuture<>();

        Asked(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public void onAddresses(List<InetAddress> found) {
            assertThat(loop.inEventLoop()).isTrue();
            assertThat(addresses.complete(found)).isTrue();
        }

        @Override
        public void onRefused(Refusal why) {
            assertThat(loop.inEventLoop()).isTrue();
            assertThat(refusal.complete(why)).isTrue();
        }

        List<InetAddress> found() throws Exception {
            return addresses.get(20, TimeUnit.SECONDS);
        }

        Refusal refused() throws Exception {
            return refusal.get(20, TimeUnit.SECONDS);
        }
    }
}

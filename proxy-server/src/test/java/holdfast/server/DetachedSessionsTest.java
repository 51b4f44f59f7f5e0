package holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.agreement.Terms;
import holdfast.driver.SessionDriver;
import holdfast.driver.SessionListener;
import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.driver.Unheard;
import holdfast.identity.Identity;
import holdfast.identity.Pin;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.PathStanding;
import holdfast.protocol.SessionRandom;
import holdfast.server.audit.Audit;
import holdfast.server.audit.AuditSettings;
import holdfast.server.budget.DoorLimits;
import holdfast.server.budget.Limits;
import holdfast.server.budget.UsageFile;
import holdfast.server.budget.UserLimits;
import holdfast.server.chain.ChainSettings;
import holdfast.server.gateway.Gatekeeper;
import holdfast.server.policy.OwnAddresses;
import holdfast.server.policy.Policy;
import holdfast.server.policy.Rule;
import holdfast.server.policy.Rules;
import holdfast.server.policy.Sections;
import holdfast.server.session.Holding;
import holdfast.session.Session;
import holdfast.session.SessionConfig;
import holdfast.transport.EventLoops;
import holdfast.transport.PathChannel;
import holdfast.transport.TlsContexts;
import holdfast.transport.TlsEndpoint;
import holdfast.transport.TlsProvider;
import holdfast.transport.TransportKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sessions that lose their network while a destination sends without end hold no more than the gateway's budget together.
 * {@code -Dholdfast.detached=1000} is the long form; {@code scripts/detached} runs it.
 */
final class DetachedSessionsTest {
    private static final int SESSIONS = Integer.getInteger("holdfast.detached", 60);
    private static final long BYTES_EACH = 100_000;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Pattern DETACHED = Pattern.compile("\"sessions_detached\":(\\d+)");
    private static final Pattern HELD = Pattern.compile("\"detached_bytes\":(\\d+)");

    @TempDir
    Path folder;

    private final EventLoops loops = EventLoops.start(TransportKind.NIO, 2, "test");
    private final AtomicInteger open = new AtomicInteger();
    private final Queue<SessionDriver> lostSessions = new ConcurrentLinkedQueue<>();

    @Test
    void togetherTheyHoldNoMoreThanTheBudget() throws Exception {
        long budget = SESSIONS * BYTES_EACH;
        SecureRandom random = new SecureRandom();
        Identity gatewayKey = Identity.create("gateway", random);
        Identity clientKey = Identity.create("client", random);
        Channel destination = destination();
        RunningGateway gateway = RunningGateway.start(parts(gatewayKey, budget));
        TlsEndpoint tls = TlsContexts.client(TlsProvider.JDK, clientKey, Set.of(gatewayKey.pin()));
        try {
            int port = Integer.parseInt(gateway.listening().get(0).replaceAll(".*:", ""));
            InetSocketAddress to = (InetSocketAddress) destination.localAddress();
            for (int i = 0; i < SESSIONS; i++) {
                startAndLose(tls, port, to);
            }
            long most = 0;
            long end = System.nanoTime() + LIMIT.toNanos();
            while (number(gateway, DETACHED) + (SESSIONS - open.get()) < SESSIONS && System.nanoTime() < end) {
                most = Math.max(most, number(gateway, HELD));
            }
            long settled = settled(gateway);
            while (open.get() != number(gateway, DETACHED) && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            System.err.println("DetachedSessionsTest: " + SESSIONS + " sessions, budget " + budget
                    + " bytes, most held " + most + ", in the end " + settled + " in " + number(gateway, DETACHED)
                    + " sessions that are kept");

            assertThat(Math.max(most, settled)).isLessThanOrEqualTo(budget);
            assertThat(number(gateway, DETACHED)).isPositive();
            assertThat(open.get()).as("connections to the destination").isEqualTo((int) number(gateway, DETACHED));
        } finally {
            for (SessionDriver each : lostSessions) {
                each.eventLoop()
                        .submit(() -> each.close(ErrorCode.CANCELLED, "over"))
                        .sync();
            }
            gateway.drain(Duration.ZERO);
            tls.close();
            destination.close().sync();
            loops.close();
        }
    }

    /** What is held when that has not changed for a while. */
    private static long settled(RunningGateway gateway) throws InterruptedException {
        long last = -1;
        for (int same = 0; same < 5; ) {
            long now = number(gateway, HELD);
            same = now == last ? same + 1 : 0;
            last = now;
            TimeUnit.MILLISECONDS.sleep(300);
        }
        return last;
    }

    private static long number(RunningGateway gateway, Pattern which) {
        Matcher found = which.matcher(gateway.status(Optional::empty).answer("status --json"));
        assertThat(found.find()).isTrue();
        return Long.parseLong(found.group(1));
    }

    private RunningGateway.Parts parts(Identity key, long budget) throws Exception {
        Policy policy = new Policy(
                new Sections(Rules.of(Rule.allow("127.0.0.1")), Map.of(), Map.of(), Map.of()),
                OwnAddresses.of(List.of()));
        UserLimits user = new UserLimits(100_000, 16_384, 1000, 6000, 600, 20_000, 0, 0);
        DoorLimits door = new DoorLimits(100_000, 100_000, 100_000, 100_000, 1_000_000);
        return new RunningGateway.Parts(
                key,
                List.of(new Destination.Ip(InetAddress.getLoopbackAddress(), 0)),
                List.of("127.0.0.1:1"),
                new Holding(Duration.ofHours(1), Map.of(), budget),
                () -> policy,
                List::of,
                name -> Terms.UNSTATED,
                new Everybody(),
                new Limits(door, user, Map.of()),
                UsageFile.open(folder.resolve("usage"), InstantSource.system()),
                Audit.start(new AuditSettings(Optional.empty(), false, 1, 1)),
                new RunningGateway.Chains(() -> ChainSettings.NONE, () -> policy, List::of),
                false,
                TransportKind.NIO,
                TlsProvider.JDK);
    }

    private static final class Everybody implements Gatekeeper {
        @Override
        public boolean isCode(String code) {
            return false;
        }

        @Override
        public Optional<String> userOf(Pin key) {
            return Optional.of("alice");
        }

        @Override
        public Optional<String> enrol(String code, Pin key, String device) {
            return Optional.empty();
        }
    }

    /** Sends for as long as somebody takes it. */
    private Channel destination() throws InterruptedException {
        Firehose firehose = new Firehose();
        return loops.streamServer(loops.next(), loops.group())
                .childHandler(firehose)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
    }

    @Sharable
    private final class Firehose extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            open.incrementAndGet();
            send(context);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            send(context);
        }

        private void send(ChannelHandlerContext context) {
            while (context.channel().isWritable()) {
                context.writeAndFlush(Unpooled.wrappedBuffer(new byte[16_384]));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            open.decrementAndGet();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable reset) {
            context.close();
        }
    }

    /** A session with one stream, which nobody reads; its only path breaks as soon as bytes flow. */
    private void startAndLose(TlsEndpoint tls, int port, InetSocketAddress destination) throws Exception {
        EventLoop loop = loops.next();
        CompletableFuture<Void> lost = new CompletableFuture<>();
        loops.pathClient(loop)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        tls.addTo(channel.pipeline(), Runnable::run);
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void userEventTriggered(ChannelHandlerContext context, Object event) {
                                if (event instanceof SslHandshakeCompletionEvent) {
                                    PathChannel path = PathChannel.held(context.channel());
                                    context.pipeline().remove(this);
                                    open(path, destination, lost);
                                }
                            }
                        });
                    }
                })
                .connect(InetAddress.getLoopbackAddress(), port)
                .sync();
        lost.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private void open(PathChannel path, InetSocketAddress destination, CompletableFuture<Void> lost) {
        byte[] bytes = new byte[SessionRandom.LENGTH];
        new SecureRandom().nextBytes(bytes);
        Session session = Session.client(
                SessionConfig.forClient(),
                loops.allocator(),
                SessionRandom.of(bytes),
                Optional.empty(),
                System.nanoTime());
        SessionDriver driver = new SessionDriver(session, path.eventLoop(), new Silent(path, lost));
        lostSessions.add(driver);
        driver.attach(path, PathStanding.ACTIVE);
        StreamHandle stream = driver.open(
                OpenRequest.tcp(new Destination.Ip(destination.getAddress(), destination.getPort())),
                null,
                new Unheard());
        stream.listen(new BreakAtFirstByte(stream, path));
    }

    private record BreakAtFirstByte(StreamHandle stream, PathChannel path) implements StreamListener {
        @Override
        public void onReadable() {
            ByteBuf first = stream.read();
            if (first != null) {
                first.release();
                path.abort();
            }
        }

        @Override
        public void onWritable() {}

        @Override
        public void onStopped(ErrorCode code) {}

        @Override
        public void onReset(ErrorCode code) {}
    }

    private record Silent(PathChannel path, CompletableFuture<Void> lost) implements SessionListener {
        @Override
        public void onStreamOpened(StreamHandle stream, OpenRequest request) {
            stream.reject(ErrorCode.GENERAL_FAILURE, "not wanted");
        }

        @Override
        public void onDetached() {
            lost.complete(null);
        }

        @Override
        public void onEnded(ErrorCode code, String text, boolean byPeer, List<holdfast.driver.LostStream> streams) {}
    }
}

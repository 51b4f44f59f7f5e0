package holdfast.bench.sessions;

import holdfast.driver.LostStream;
import holdfast.driver.SessionDriver;
import holdfast.driver.SessionListener;
import holdfast.driver.StreamHandle;
import holdfast.driver.Unheard;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.PathStanding;
import holdfast.protocol.SessionRandom;
import holdfast.session.Session;
import holdfast.session.SessionConfig;
import holdfast.transport.EventLoops;
import holdfast.transport.PathChannel;
import holdfast.transport.TlsEndpoint;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One client's session on one path, as {@code proxy-client} has it. Belongs to its event loop, except where it says otherwise. */
final class ClientSession implements SessionListener {
    private final EventLoops loops;
    private final EventLoop loop;
    private final TlsEndpoint tls;
    private final Executor handshakes;
    private final InetSocketAddress gateway;
    private final SessionDriver driver;
    private final ByteBuf pattern;
    private final List<EchoStream> echoes = new ArrayList<>();

    private Runnable whenUp = () -> {};
    private @Nullable ScheduledFuture<?> pulse;
    private volatile @Nullable Download download;
    private volatile boolean lostPath;
    private int turn;
    private int missing;

    /** Borrows the pattern that downloads are compared with. */
    ClientSession(
            EventLoops loops,
            TlsEndpoint tls,
            Executor handshakes,
            InetSocketAddress gateway,
            SecureRandom random,
            ByteBuf pattern) {
        this.loops = loops;
        this.loop = loops.next();
        this.tls = tls;
        this.handshakes = handshakes;
        this.gateway = gateway;
        this.pattern = pattern;
        byte[] bytes = new byte[SessionRandom.LENGTH];
        random.nextBytes(bytes);
        Session session = Session.client(
                SessionConfig.forClient(),
                loops.allocator(),
                SessionRandom.of(bytes),
                Optional.empty(),
                System.nanoTime());
        this.driver = new SessionDriver(session, loop, this);
    }

    /** Has something done on the session's loop; any thread. */
    void onLoop(Runnable command) {
        loop.execute(command);
    }

    /** Connects; {@code then} runs when a path carries the session. Any thread. */
    void connect(Runnable then) {
        whenUp = then;
        loops.pathClient(loop)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        tls.addTo(channel.pipeline(), handshakes);
                        channel.pipeline().addLast(new Handshake());
                    }
                })
                .connect(gateway)
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        Failures.note("cannot connect: " + done.cause());
                    }
                });
    }

    /** Opens echo streams; {@code then} runs when all destinations are reached. */
    void open(Destination destination, int streams, Runnable then) {
        missing = streams;
        for (int i = 0; i < streams; i++) {
            echoes.add(new EchoStream(open(destination), loops.allocator(), () -> {
                if (--missing == 0) {
                    then.run();
                }
            }));
        }
    }

    /** Each stream sends one message in so many milliseconds, one stream after the other. */
    void startEchoes(long everyMillis, Latencies latencies) {
        recordIn(latencies);
        long pause = everyMillis * 1000 / echoes.size();
        pulse = loop.scheduleAtFixedRate(
                () -> echoes.get(turn++ % echoes.size()).send(),
                ThreadLocalRandom.current().nextLong(pause),
                pause,
                TimeUnit.MICROSECONDS);
    }

    void recordIn(Latencies latencies) {
        echoes.forEach(each -> each.recordIn(latencies));
    }

    void stopEchoes() {
        if (pulse != null) {
            pulse.cancel(false);
        }
    }

    /** Begins a download without an end. */
    void download(Destination destination) {
        download = new Download(open(destination), loops.allocator(), pattern);
    }

    /** What it has brought so far; any thread. */
    long downloaded() {
        Download running = download;
        return running == null ? 0 : running.received();
    }

    /** Whether the session's path was lost; any thread. */
    boolean hasLostPath() {
        return lostPath;
    }

    private StreamHandle open(Destination destination) {
        return driver.open(OpenRequest.tcp(destination), null, new Unheard());
    }

    @Override
    public void onPathUp(long path) {
        whenUp.run();
    }

    @Override
    public void onPathDown(long path, ErrorCode code, String text) {
        if (download == null) {
            Failures.note("a path was lost: " + code + " " + text);
        }
        lostPath = true;
    }

    @Override
    public void onStreamOpened(StreamHandle stream, OpenRequest request) {
        stream.reject(ErrorCode.KIND_NOT_SUPPORTED, "nothing is taken here");
    }

    @Override
    public void onEnded(ErrorCode code, String text, boolean byPeer, List<LostStream> lost) {
        Failures.note("a session ended: " + code + " " + text);
    }

    private final class Handshake extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (!(event instanceof SslHandshakeCompletionEvent done)) {
                context.fireUserEventTriggered(event);
            } else if (done.isSuccess()) {
                PathChannel path = PathChannel.held(context.channel());
                context.pipeline().remove(this);
                driver.attach(path, PathStanding.ACTIVE);
            } else {
                Failures.note("a handshake failed: " + done.cause());
            }
        }
    }
}

package holdfast.client.mtatls;

import holdfast.client.session.StreamOpener;
import holdfast.client.session.WaitingOpens;
import holdfast.driver.StreamHandle;
import holdfast.driver.Unheard;
import holdfast.mtatls.MtaTls;
import holdfast.mtatls.MtaTlsConnection;
import holdfast.mtatls.MtaTlsListener;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.Role;
import holdfast.protocol.StreamKind;
import holdfast.transport.EventLoops;
import holdfast.transport.TlsEndpoint;
import holdfast.transport.WrongPinException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one MTA-TLS connection to the gateway, and dials again when it is lost: its channels are lost with it. Belongs to the client's event loop.
 */
public final class MtaTlsLink implements StreamOpener {
    /** Its name in ALPN. */
    public static final String PROTOCOL = MtaTls.PROTOCOL;

    private static final Logger LOG = LoggerFactory.getLogger("holdfast.mtatls");
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 15_000;
    private static final int MOST_DOUBLINGS = 8;

    /** A connection that lived shorter than this counts as a failed attempt. */
    private static final long SHORT_LIFE_NANOS = 1_000_000_000;

    private final EventLoop loop;
    private final MtaTlsDialer dialer;
    private final List<Destination> addresses;
    private final WaitingOpens waiting;
    private @Nullable MtaTlsConnection connection;
    private Runnable whenDecided = () -> {};
    private boolean decided;
    private boolean closed;
    private int failures;
    private int next;
    private long upSince;
    private String trouble = "";

    /**
     * @param addresses where the gateway is reached, at least one; tried in turn
     * @param slowWork looks names up and does the key operations of handshakes
     */
    public MtaTlsLink(
            EventLoops loops, EventLoop loop, TlsEndpoint tls, Executor slowWork, List<Destination> addresses) {
        this.loop = loop;
        this.dialer = new MtaTlsDialer(loops, loop, tls, slowWork);
        this.addresses = List.copyOf(addresses);
        this.waiting = new WaitingOpens(loop);
    }

    /** Starts dialing. {@code onDecided} runs once, on the event loop, when the gateway was reached or could not be at first. */
    public void start(Runnable onDecided) {
        loop.execute(() -> {
            whenDecided = onDecided;
            dial();
        });
    }

    /** Ends the connection, and dials no more. Runs {@code then} when that is done. */
    public void stop(Runnable then) {
        loop.execute(() -> {
            closed = true;
            if (connection != null) {
                connection.close("the client ends");
            }
            loop.execute(then);
        });
    }

    /** How many channels there are; for the event loop only. */
    public int streamCount() {
        return connection == null ? 0 : connection.streamCount();
    }

    @Override
    public boolean isPathUp() {
        return connection != null;
    }

    @Override
    public void open(OpenRequest request, @Nullable ByteBuf firstBytes, OpenCallback callback) {
        if (request.kind() != StreamKind.TCP || request.destination() instanceof Destination.Unix) {
            release(firstBytes);
            callback.onUnavailable(
                    ErrorCode.KIND_NOT_SUPPORTED, "MTA-TLS carries TCP connections to addresses and names only");
        } else if (connection == null) {
            waiting.add(request, firstBytes, callback);
        } else {
            openNow(connection, request, firstBytes, callback);
        }
    }

    private static void openNow(
            MtaTlsConnection on, OpenRequest request, @Nullable ByteBuf firstBytes, OpenCallback callback) {
        StreamHandle stream = on.open(request.destination(), new Unheard());
        if (stream == null) {
            release(firstBytes);
            callback.onUnavailable(ErrorCode.LIMIT_REACHED, "there are too many connections at once");
            return;
        }
        if (firstBytes != null) {
            stream.write(firstBytes);
        }
        callback.onStream(stream);
    }

    private static void release(@Nullable ByteBuf bytes) {
        if (bytes != null) {
            bytes.release();
        }
    }

    private void dial() {
        if (closed) {
            return;
        }
        Destination gateway = addresses.get(next);
        next = (next + 1) % addresses.size();
        dialer.dial(gateway, new MtaTlsDialer.Outcome() {
            @Override
            public void onConnected(Channel channel) {
                connected(gateway, channel);
            }

            @Override
            public void onFailed(Throwable cause) {
                WrongPinException wrongPin = WrongPinException.in(cause);
                complain(
                        wrongPin != null
                                ? "the gateway at " + gateway
                                        + " has another key than the one this client was enrolled with"
                                : "the gateway at " + gateway + " does not answer by MTA-TLS: " + cause.getMessage());
                dialLater();
            }
        });
    }

    private void connected(Destination gateway, Channel channel) {
        if (closed) {
            channel.close();
            return;
        }
        upSince = System.nanoTime();
        LOG.atInfo().addKeyValue("gateway", gateway).log("gateway.connected");
        MtaTlsConnection made = MtaTlsConnection.start(channel, Role.CLIENT, new Happenings());
        connection = made;
        decide();
        waiting.takeAll().forEach(each -> openNow(made, each.request, each.firstBytes, each.callback));
    }

    private void dialLater() {
        long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        if (!closed) {
            loop.schedule(this::dial, pause, TimeUnit.MILLISECONDS);
        }
    }

    /** Says what is wrong with the gateway once, not at every attempt. */
    private void complain(String text) {
        if (!text.equals(trouble)) {
            trouble = text;
            LOG.atWarn().addKeyValue("reason", text).log("gateway.unreachable");
        }
        decide();
    }

    private void decide() {
        if (!decided) {
            decided = true;
            whenDecided.run();
        }
    }

    private final class Happenings implements MtaTlsListener {
        @Override
        public void onRequest(StreamHandle stream, Destination destination) {
            // Nothing that this client asked for can have made this.
            stream.reject(ErrorCode.KIND_NOT_SUPPORTED, "the client listens for nothing");
        }

        @Override
        public void onEnded(String reason, int lostStreams) {
            connection = null;
            (lostStreams > 0 ? LOG.atWarn() : LOG.atInfo())
                    .addKeyValue("reason", reason)
                    .addKeyValue("lost_streams", lostStreams)
                    .log("gateway.lost");
            if (System.nanoTime() - upSince > SHORT_LIFE_NANOS) {
                failures = 0;
            }
            dialLater();
        }
    }
}

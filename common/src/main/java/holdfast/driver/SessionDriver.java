package holdfast.driver;

import holdfast.console.FaultPoint;
import holdfast.frame.AddressedDatagram;
import holdfast.frame.Data;
import holdfast.frame.DestinationBytes;
import holdfast.frame.Frame;
import holdfast.frame.FrameType;
import holdfast.frame.Hello;
import holdfast.frame.Join;
import holdfast.identity.ChannelBinding;
import holdfast.identity.Pin;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.PathStanding;
import holdfast.protocol.ProtocolException;
import holdfast.protocol.Role;
import holdfast.protocol.SessionId;
import holdfast.protocol.SessionRandom;
import holdfast.protocol.StreamKind;
import holdfast.session.PathSnapshot;
import holdfast.session.Session;
import holdfast.session.SessionEvent;
import holdfast.transport.PathChannel;
import holdfast.transport.PathReceiver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Carries a {@link Session} out on one event loop: feeds it frames, time and commands; then drains its events, then its frames while a path can take
 * them, then arms one timer. It decides nothing.
 *
 * <p>Everything here belongs to that event loop.
 */
public final class SessionDriver {
    private static final int SMALL_FLIGHT = 4 * 1024;

    /** A pause of reading ends after this, in nanoseconds: nobody is to be taken for dead for having been slowed. */
    private static final long MAX_PAUSE = 500_000_000;

    private final Session session;
    private final EventLoop loop;
    private final SessionListener listener;
    private final Map<Long, PathChannel> channels = new HashMap<>();
    private final Map<Long, DrivenStream> streams = new HashMap<>();

    private @Nullable Keys keys;
    private final FrameFaults faults = new FrameFaults();

    /** Made once: each would cost the quick compiler's code a call into the JVM. */
    private final Runnable queuedWork = this::workNow;

    private boolean working;
    private boolean workQueued;
    private boolean over;
    private @Nullable ScheduledFuture<?> timer;
    private long timerAt = Long.MAX_VALUE;

    public SessionDriver(Session session, EventLoop loop, SessionListener listener) {
        this.session = session;
        this.loop = loop;
        this.listener = listener;
    }

    private record Keys(Pin client, Pin gateway) {}

    /** Says whose session it is, by the keys that TLS proves on every path; streams have a channel binding then. */
    public void identify(Pin client, Pin gateway) {
        keys = new Keys(client, gateway);
    }

    public EventLoop eventLoop() {
        return loop;
    }

    /** Whether the session has ended. */
    public boolean isOver() {
        return over;
    }

    /** The channel of a path, or null where it is gone. */
    public @Nullable PathChannel channel(long path) {
        return channels.get(path);
    }

    /** Whether a stream opened now would leave at once. */
    public boolean isPathUp() {
        return session.isPathUp();
    }

    /** Streams that are not over. */
    public int streamCount() {
        return streams.size();
    }

    /** The session's state, for showing it: new, active, detached or closed. */
    public String state() {
        return session.state().name().toLowerCase(Locale.ROOT);
    }

    /** Bytes held for its streams: unsent, unacknowledged, received and not yet written to a local socket. */
    public long heldBytes() {
        return over ? 0 : session.heldBytes();
    }

    /** The session's id, once there is one. */
    public Optional<SessionId> id() {
        return session.id();
    }

    /** The paths as they are now. */
    public List<PathReport> reportPaths() {
        List<PathReport> reports = new ArrayList<>();
        for (PathSnapshot each : session.pathSnapshots()) {
            PathChannel channel = channels.get(each.id());
            if (channel != null) {
                reports.add(report(each, channel));
            }
        }
        return reports;
    }

    private static PathReport report(PathSnapshot path, PathChannel channel) {
        return new PathReport(
                path.id(),
                path.state(),
                path.standing(),
                channel.localAddress(),
                channel.remoteAddress(),
                path.roundTripMicros(),
                path.bytesPerSecond(),
                path.sent(),
                path.received(),
                path.repeated());
    }

    /** The clock of everything below: nanoseconds that never go back. */
    long now() {
        return System.nanoTime();
    }

    // Paths.

    /**
     * Client: uses a connection, held and with TLS done, as a further path. Returns its number.
     *
     * @param standing how both ends are to use it
     */
    public long attach(PathChannel channel, PathStanding standing) {
        long path = session.startPath(standing, now());
        bind(path, channel);
        return path;
    }

    /** A path runs inside another session: its silence is no reason to give it up as long as there is no other. */
    public void markCarried(long path) {
        session.markCarried(path);
    }

    /** Gateway: uses the connection that HELLO came by. The path is closed with the reason where it is refused. */
    public void attach(PathChannel channel, Hello hello) {
        join(channel, hello.path(), length -> session.handleHello(hello, length, now()));
        FaultPoint.reach("received", hello.type());
    }

    /** Gateway: uses the connection that JOIN came by. The path is closed with the reason where it is refused. */
    public void attach(PathChannel channel, Join join) {
        join(channel, join.path(), length -> session.handleJoin(join, length, now()));
        FaultPoint.reach("received", join.type());
    }

    private interface Joining {
        void with(int length) throws ProtocolException;
    }

    private void join(PathChannel channel, long path, Joining joining) {
        try {
            joining.with(channel.takeReceived());
            bind(path, channel);
        } catch (ProtocolException e) {
            Farewell.refuse(channel, e.code(), String.valueOf(e.getMessage()));
        }
        workNow();
    }

    private void bind(long path, PathChannel channel) {
        channels.put(path, channel);
        channel.attach(new Receiver(path));
    }

    /** Changes how both ends use a path. */
    public void setStanding(long path, PathStanding standing) {
        session.setStanding(path, standing);
        work();
    }

    /** Gateway: tells the client of a further address of this gateway, HOST:PORT, or of one fewer. */
    public void announceAddress(String address, boolean added) {
        if (!over) {
            session.announceAddress(address, added);
            work();
        }
    }

    /** While the gateway is short of memory, a session without paths reads nothing more from its local sockets. */
    public void setFrugal(boolean frugal) {
        if (!over) {
            session.setFrugal(frugal);
            work();
        }
    }

    /** What binds a login to a stream, once the session is there. */
    Optional<ChannelBinding> binding(long stream, Destination destination) {
        Keys known = keys;
        SessionRandom peer = session.peerRandom().orElse(null);
        SessionId id = session.id().orElse(null);
        if (known == null || peer == null || id == null) {
            return Optional.empty();
        }
        boolean isClient = session.role() == Role.CLIENT;
        SessionRandom own = session.localRandom();
        return Optional.of(ChannelBinding.of(
                new ChannelBinding.Ends(
                        id, isClient ? own : peer, isClient ? peer : own, known.client(), known.gateway()),
                stream,
                DestinationBytes.of(destination)));
    }

    /** Where a path that is up comes from. */
    Optional<InetSocketAddress> peerAddress() {
        for (PathSnapshot each : session.pathSnapshots()) {
            PathChannel channel = channels.get(each.id());
            if (channel != null && channel.remoteAddress() instanceof InetSocketAddress peer) {
                return Optional.of(peer);
            }
        }
        return Optional.empty();
    }

    /** Closes a path on purpose; the session goes on without it. */
    public void drop(long path, ErrorCode code, String text) {
        session.handlePathDown(path, code, text, now());
        work();
    }

    /** Something may have killed paths unnoticed: asks each for a sign of life. */
    public void probeAll() {
        session.probeAll(now());
        work();
    }

    // Streams.

    /**
     * Opens a stream. Takes ownership of {@code firstBytes}, which leave in the same flight as the request.
     *
     * @param streamListener told what happens to it
     */
    public StreamHandle open(OpenRequest request, @Nullable ByteBuf firstBytes, StreamListener streamListener) {
        boolean listening = request.kind() == StreamKind.BIND || request.kind() == StreamKind.LISTEN;
        DrivenStream stream = new DrivenStream(this, session, session.open(request, now()), request, listening);
        streams.put(stream.id(), stream);
        stream.listen(streamListener);
        if (firstBytes != null) {
            stream.write(firstBytes);
        }
        work();
        return stream;
    }

    /** As {@link StreamHandle#sendDatagram}, but borrows the bytes. */
    boolean sendDatagram(long flow, Destination with, ByteBuf bytes) {
        ByteBuf payload = AddressedDatagram.write(bytes.alloc(), with, bytes);
        boolean wanted = session.sendDatagram(flow, AddressedDatagram.CONTEXT, payload, now());
        work();
        return wanted;
    }

    /** Tells the peer that no further streams are taken. */
    public void goAway(long deadlineMillis, List<String> gateways) {
        session.goAway(deadlineMillis, gateways, now());
        work();
    }

    /** Tells the client the pin by which this gateway is going to be known. */
    public void announceKey(String pin) {
        if (!over) {
            session.announceKey(pin);
            work();
        }
    }

    /** Gateway: these conditions hold from now on, {@code key=value} each. */
    public void stateConditions(List<String> words) {
        if (!over) {
            session.stateConditions(words);
            work();
        }
    }

    /** Client: whether the gateway states conditions, once the session is established. */
    public boolean isConditional() {
        return session.isConditional();
    }

    /** Client: accepts or refuses the conditions of that number. */
    public void answerConditions(long sequence, boolean accepted, String text) {
        if (!over) {
            session.answerConditions(sequence, accepted, text);
            work();
        }
    }

    /** Ends the session, tells the peer and every stream. */
    public void close(ErrorCode code, String text) {
        if (!over) {
            session.close(code, text, now());
            workNow();
        }
    }

    // Work.

    /** Something changed: events and frames are drained once, when the event loop is done with what it has in hand. */
    void work() {
        if (!workQueued && !working && !over) {
            workQueued = true;
            loop.execute(queuedWork);
        }
    }

    private void workNow() {
        workQueued = false;
        if (working || over) {
            return;
        }
        working = true;
        try {
            tellEvents();
            do {
                fillPaths();
            } while (tellEvents());
        } finally {
            working = false;
        }
        if (!over) {
            arm();
        }
    }

    /** Returns whether there were any. */
    private boolean tellEvents() {
        boolean any = false;
        for (SessionEvent event = session.pollEvent(); event != null; event = session.pollEvent()) {
            any = true;
            tell(event);
            if (over) {
                return false;
            }
        }
        return any;
    }

    private void fillPaths() {
        if (over) {
            return;
        }
        for (Map.Entry<Long, PathChannel> each : channels.entrySet()) {
            fill(each.getKey(), each.getValue());
        }
    }

    private void fill(long path, PathChannel channel) {
        while (channel.isWritable()) {
            ByteBuf flight = flight(path, channel.allocator());
            if (flight == null) {
                return;
            }
            // Flushed one by one: what waits behind what the kernel did not take could not be overtaken any more.
            channel.write(flight);
            channel.flush();
            faults.flushed();
        }
        session.handleRefusal(path);
        channel.limitUnsent(session.commitment(path));
    }

    /** Frames for a path in one contiguous buffer, or null where there are none; gives ownership. */
    private @Nullable ByteBuf flight(long path, ByteBufAllocator allocator) {
        long now = now();
        int full = session.flight(path);
        Frame frame = session.pollFrame(path, full, now);
        if (frame == null) {
            return null;
        }
        ByteBuf flight = allocator.directBuffer(
                frame instanceof Data && frame.length() > SMALL_FLIGHT / 2
                        ? Math.max(full, frame.length())
                        : SMALL_FLIGHT);
        while (frame != null) {
            if (FaultPoint.ARMED) {
                faults.polled(frame);
            }
            frame.write(flight);
            frame.release();
            int room = full - flight.readableBytes();
            frame = room <= full / 16 ? null : session.pollFrame(path, room, now);
        }
        return flight;
    }

    private void arm() {
        long next = session.nextTimeout();
        if (next >= timerAt) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        timerAt = next;
        timer = loop.schedule(this::timeOut, Math.max(0, next - now()), TimeUnit.NANOSECONDS);
    }

    private void timeOut() {
        timerAt = Long.MAX_VALUE;
        if (!over) {
            session.handleTimeout(now());
            workNow();
        }
    }

    private void handle(long path, Frame frame) {
        FrameType type = frame.type();
        session.handleFrame(path, frame, now());
        if (FaultPoint.ARMED) {
            FaultPoint.reach("received", type);
        }
    }

    // Events.

    private void tell(SessionEvent event) {
        if (event instanceof SessionEvent.StreamReadable e) {
            stream(e.stream()).readable();
        } else if (event instanceof SessionEvent.StreamWritable e) {
            stream(e.stream()).writable();
        } else if (event instanceof SessionEvent.StreamClosed e) {
            streams.remove(e.stream());
        } else if (event instanceof SessionEvent.StreamOpened e) {
            DrivenStream stream = new DrivenStream(this, session, e.stream(), e.request(), false);
            streams.put(e.stream(), stream);
            opened(stream, e.request());
        } else if (event instanceof SessionEvent.StreamAccepted e) {
            stream(e.stream()).accepted(e.bound());
        } else if (event instanceof SessionEvent.StreamRejected e) {
            stream(e.stream()).rejected(e.code(), e.text());
        } else if (event instanceof SessionEvent.StreamStopped e) {
            stream(e.stream()).stopped(e.code());
        } else if (event instanceof SessionEvent.StreamReset e) {
            stream(e.stream()).wasReset(e.code());
        } else if (event instanceof SessionEvent.DatagramReceived e) {
            DrivenStream flow = streams.get(e.flow());
            if (flow == null) {
                e.payload().release();
            } else {
                flow.datagram(e.context(), e.payload());
            }
        } else {
            tellOfSession(event);
        }
    }

    /** A connection to a listener is told to who listens; everything else is a wish of the peer. */
    private void opened(DrivenStream stream, OpenRequest request) {
        if (request.kind() != StreamKind.FORWARDED) {
            listener.onStreamOpened(stream, request);
            return;
        }
        DrivenStream listening = streams.get(request.listener());
        if (listening == null || !listening.isListening()) {
            stream.reject(ErrorCode.CANCELLED, "nobody listens by stream " + request.listener());
        } else {
            listening.connection(stream, request.destination());
        }
    }

    private void tellOfSession(SessionEvent event) {
        if (event instanceof SessionEvent.Established e) {
            listener.onEstablished(e.id(), e.addresses());
        } else if (event instanceof SessionEvent.PathUp e) {
            listener.onPathUp(e.path());
        } else if (event instanceof SessionEvent.PathSuspected e) {
            listener.onPathSuspected(e.path());
        } else if (event instanceof SessionEvent.PathTrusted e) {
            listener.onPathTrusted(e.path());
        } else if (event instanceof SessionEvent.PathDown e) {
            pathDown(e);
        } else if (event instanceof SessionEvent.Detached) {
            listener.onDetached();
        } else if (event instanceof SessionEvent.Resumed e) {
            listener.onResumed(e.outageNanos());
        } else if (event instanceof SessionEvent.AddressChanged e) {
            listener.onAddressChanged(e.address(), e.added());
        } else if (event instanceof SessionEvent.KeyAnnounced e) {
            listener.onKeyAnnounced(e.pin());
        } else if (event instanceof SessionEvent.GoingAway e) {
            listener.onGoingAway(e.deadlineMillis(), e.gateways());
        } else if (event instanceof SessionEvent.ConditionsStated e) {
            listener.onConditions(e.sequence(), e.words());
        } else if (event instanceof SessionEvent.ConditionsAnswered e) {
            listener.onConditionsAnswered(e.sequence(), e.accepted(), e.text());
        } else if (event instanceof SessionEvent.Ended e) {
            end(e);
        }
    }

    private DrivenStream stream(long id) {
        DrivenStream stream = streams.get(id);
        if (stream == null) {
            throw new IllegalStateException("an event for stream " + id + ", which is closed");
        }
        return stream;
    }

    private void pathDown(SessionEvent.PathDown event) {
        PathChannel channel = channels.remove(event.path());
        if (channel != null) {
            channel.abort();
        }
        listener.onPathDown(event.path(), event.code(), event.text());
    }

    private void end(SessionEvent.Ended event) {
        // The farewell leaves first, while the session can still be asked for it.
        channels.forEach((path, channel) -> {
            ByteBuf farewell = flight(path, channel.allocator());
            if (farewell != null) {
                channel.write(farewell);
            }
            channel.closeAfterFlush();
        });
        over = true;
        List<LostStream> lost = streams.values().stream()
                .map(each -> new LostStream(each.id(), each.request(), session.undelivered(each.id())))
                .toList();
        List<DrivenStream> left = new ArrayList<>(streams.values());
        streams.clear();
        channels.clear();
        session.dispose();
        if (timer != null) {
            timer.cancel(false);
        }
        left.forEach(each -> each.wasReset(event.code()));
        listener.onEnded(event.code(), event.text(), event.byPeer(), lost);
    }

    /** What the transport of one path tells. */
    private final class Receiver implements PathReceiver {
        private final long path;

        Receiver(long path) {
            this.path = path;
        }

        @Override
        public void onFrame(PathChannel channel, Frame frame) {
            if (over) {
                frame.release();
            } else {
                handle(path, frame);
            }
        }

        @Override
        public void onBytes(PathChannel channel) {
            int bytes = channel.takeReceived();
            if (!over) {
                session.handleBytes(path, bytes, now());
            }
        }

        @Override
        public void onReadComplete(PathChannel channel) {
            workNow();
            slowDown(channel);
        }

        private void slowDown(PathChannel channel) {
            long delay = over ? 0 : session.inputDelay(now());
            if (delay > 0) {
                channel.pause(Math.min(delay, MAX_PAUSE));
            }
        }

        @Override
        public void onWritable(PathChannel channel) {
            work();
        }

        @Override
        public void onViolation(PathChannel channel, ErrorCode code, String text) {
            close(code, text);
        }

        @Override
        public void onClosed(PathChannel channel, ErrorCode code, String text) {
            if (!over) {
                session.handlePathDown(path, code, text, now());
                workNow();
            }
        }
    }
}

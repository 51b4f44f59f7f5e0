package holdfast.session;

import holdfast.frame.Accept;
import holdfast.frame.AddAddress;
import holdfast.frame.Agreed;
import holdfast.frame.Blocked;
import holdfast.frame.Conditions;
import holdfast.frame.Data;
import holdfast.frame.Datagram;
import holdfast.frame.Frame;
import holdfast.frame.GoAway;
import holdfast.frame.Hello;
import holdfast.frame.HelloOk;
import holdfast.frame.Join;
import holdfast.frame.JoinOk;
import holdfast.frame.MaxData;
import holdfast.frame.MaxStreamData;
import holdfast.frame.MaxStreams;
import holdfast.frame.NextKey;
import holdfast.frame.Open;
import holdfast.frame.Padding;
import holdfast.frame.Parameters;
import holdfast.frame.PathAck;
import holdfast.frame.PathClose;
import holdfast.frame.PathCount;
import holdfast.frame.PathStatus;
import holdfast.frame.Ping;
import holdfast.frame.Pong;
import holdfast.frame.Priority;
import holdfast.frame.Refused;
import holdfast.frame.Reject;
import holdfast.frame.RemoveAddress;
import holdfast.frame.Reset;
import holdfast.frame.SessionClose;
import holdfast.frame.Stop;
import holdfast.path.Path;
import holdfast.path.PathState;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.PathStanding;
import holdfast.protocol.ProtocolException;
import holdfast.protocol.Role;
import holdfast.protocol.SessionId;
import holdfast.protocol.SessionRandom;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A login between a client and a gateway: many streams over none, one or many paths.
 *
 * <p>Inputs are frames, path losses, timeouts and commands, each with the time in nanoseconds of a clock that never goes back; outputs are polled:
 * frames for each path, events, and the time of the next timeout. After any input the caller polls events, then frames of every path that can take
 * some, then arms its timer with {@link #nextTimeout}.
 *
 * <p>Errors of the peer end the session by an {@link SessionEvent.Ended}; nothing here throws because of what a peer sends.
 */
public final class Session {
    /** The version this implementation speaks. */
    public static final long VERSION = 1;

    /** An input that is this late means that this end itself was held up. */
    private static final long LATE = 5_000_000;

    /** How often this end looks at whether it is late, while it waits for acknowledgements. */
    private static final long PULSE = 10_000_000;

    private final Role role;
    private final SessionConfig config;
    private final SessionRandom localRandom;
    private final ArrayDeque<SessionEvent> events = new ArrayDeque<>();
    private final Streams streams;
    private final Outbound outbound;
    private final Paths paths;
    private final FrameBudget budget;
    private final Agreement agreement = new Agreement();

    private SessionState state = SessionState.NEW;
    private @Nullable SessionId id;
    private @Nullable SessionRandom peerRandom;
    private final GatewayAddresses known = new GatewayAddresses();

    /** Of the last NEXT_KEY that was said, or heard. */
    private long keySequence;

    private List<String> addresses = List.of();
    private Optional<SessionId> previous = Optional.empty();

    private long nextPathId;
    private long now;
    private long detachedAt;
    private long expectedInputAt = Long.MAX_VALUE;
    private boolean flightHasFrames;

    private Session(Role role, SessionConfig config, ByteBufAllocator allocator, SessionRandom random, long now) {
        this.role = role;
        this.config = config;
        this.localRandom = random;
        this.now = now;
        this.detachedAt = now;
        this.budget = new FrameBudget(role, now);
        this.streams = new Streams(role, config, allocator, budget, events::add);
        this.outbound = streams.outbound();
        this.outbound.setReplayBound(config.replayMin());
        this.paths = new Paths(outbound, budget, events::add);
    }

    /**
     * A session that is not known to any gateway yet.
     *
     * @param random new for each session
     * @param previous a session whose programs are gone, for the gateway to end
     */
    public static Session client(
            SessionConfig config,
            ByteBufAllocator allocator,
            SessionRandom random,
            Optional<SessionId> previous,
            long now) {
        Session session = new Session(Role.CLIENT, config, allocator, random, now);
        session.previous = previous;
        return session;
    }

    /**
     * The gateway's end, made when a HELLO arrived. The path of that HELLO is added by {@link #handleHello}.
     *
     * @param random new for each session
     * @param addresses where the gateway is reached, as HOST:PORT
     */
    public static Session gateway(
            SessionConfig config,
            ByteBufAllocator allocator,
            SessionId id,
            SessionRandom random,
            List<String> addresses,
            long now) {
        Session session = new Session(Role.GATEWAY, config, allocator, random, now);
        session.id = id;
        session.addresses = List.copyOf(addresses);
        return session;
    }

    // What it is.

    public Role role() {
        return role;
    }

    public SessionState state() {
        return state;
    }

    /** The id, once the gateway has given one. */
    public Optional<SessionId> id() {
        return Optional.ofNullable(id);
    }

    /** What this end has contributed to the session. */
    public SessionRandom localRandom() {
        return localRandom;
    }

    /** What the peer has contributed, once it is known. */
    public Optional<SessionRandom> peerRandom() {
        return Optional.ofNullable(peerRandom);
    }

    public int streamCount() {
        return streams.count();
    }

    /** The paths that are not dead, for showing them; not to be changed. */
    public List<Path<?>> paths() {
        return List.copyOf(paths.all());
    }

    /** Whether a path carries the session now. */
    public boolean isPathUp() {
        return paths.hasUp();
    }

    /** The paths as they are now. */
    public List<PathSnapshot> pathSnapshots() {
        return paths.all().stream().map(PathSnapshot::of).toList();
    }

    /** Bytes of this end that the peer has not acknowledged, or 0 for a stream that is over. */
    public long undelivered(long stream) {
        return streams.undelivered(stream);
    }

    /** Bytes this end holds for its streams: unsent, unacknowledged, and received but not yet written to a local socket. */
    public long heldBytes() {
        return streams.unsentBytes() + outbound.outstandingBytes() + streams.heldBytes();
    }

    // Paths.

    /** Client: starts a path with HELLO or, once the session has an id, JOIN. Returns its number. */
    public long startPath(PathStanding standing, long time) {
        at(time);
        long pathId = nextPathId++;
        try {
            Path<Sent> path = paths.add(pathId, now);
            path.stand(standing, 0);
            path.post(
                    id == null
                            ? hello(path)
                            : new Join(id, pathId, paths.retiredCounts(), standing(path, Parameters.NONE)));
            if (isEager(path)) {
                paths.repeatEagerly(now);
            }
            return pathId;
        } catch (ProtocolException e) {
            throw new IllegalStateException("path numbers only rise", e);
        }
    }

    /** The path runs inside another session (PROTOCOL.md section 6.2); nothing happens where it is over already. */
    public void markCarried(long pathId) {
        Path<Sent> path = paths.get(pathId);
        if (path != null) {
            path.carried();
        }
    }

    private Hello hello(Path<Sent> path) {
        return new Hello(
                List.of(VERSION),
                localRandom,
                path.id(),
                previous,
                standing(path, config.parameters().with(Parameters.AGREEMENT, 1)));
    }

    /** Active is what a path is unless something else is said. */
    private static Parameters standing(Path<Sent> path, Parameters others) {
        return path.standing() == PathStanding.ACTIVE
                ? others
                : others.with(Parameters.STANDING, path.standing().code());
    }

    private static void stand(Path<Sent> path, Parameters parameters) {
        path.stand(PathStanding.of(parameters.get(Parameters.STANDING, PathStanding.ACTIVE.code())), 0);
    }

    /**
     * Gateway: the first frame of a path was this HELLO, the one that made the session or a repetition of it.
     *
     * @throws ProtocolException of path scope where the path is refused
     */
    public void handleHello(Hello hello, int length, long time) throws ProtocolException {
        at(time);
        if (!hello.versions().contains(VERSION)) {
            throw ProtocolException.path(
                    ErrorCode.VERSION_NOT_SUPPORTED,
                    "versions " + hello.versions() + ": only " + VERSION + " is spoken here");
        }
        requireJoinable(hello.path(), List.of());
        Path<Sent> path = paths.add(hello.path(), now);
        stand(path, hello.parameters());
        boolean fresh = state == SessionState.NEW;
        if (fresh) {
            peerRandom = hello.random();
            agreement.met(hello.parameters());
            streams.apply(hello.parameters());
        } else {
            paths.settle(now);
        }
        path.countReceived(length, now);
        path.post(new HelloOk(
                VERSION,
                idOrThrow(),
                localRandom,
                fresh,
                paths.retiredCounts(),
                addresses,
                agreement.of(config.parameters())));
        up(path);
        if (fresh) {
            stateConditions();
        }
    }

    /**
     * Gateway: the first frame of a path was this JOIN, and its client key is the session's.
     *
     * @throws ProtocolException of path scope where the path is refused
     */
    public void handleJoin(Join join, int length, long time) throws ProtocolException {
        at(time);
        requireJoinable(join.path(), join.retired());
        try {
            paths.settleRetired(join.retired(), join.path(), now);
        } catch (ProtocolException e) {
            end(e.code(), String.valueOf(e.getMessage()), false);
            throw ProtocolException.path(e.code(), String.valueOf(e.getMessage()));
        }
        Path<Sent> path = paths.add(join.path(), now);
        stand(path, join.parameters());
        path.countReceived(length, now);
        path.post(new JoinOk(paths.retiredCounts(), Parameters.NONE));
        up(path);
    }

    /** Paths that the client gives up at the same time do not count against what it may have. */
    private void requireJoinable(long pathId, List<PathCount> retired) throws ProtocolException {
        if (state == SessionState.CLOSED) {
            throw ProtocolException.path(ErrorCode.SESSION_GONE, "the session is over");
        }
        paths.requireUnused(pathId);
        long staying = paths.all().stream()
                .filter(each -> retired.stream().noneMatch(given -> given.path() == each.id()))
                .count();
        if (staying >= config.maxPaths()) {
            throw ProtocolException.path(ErrorCode.LIMIT_REACHED, "the session has " + staying + " paths already");
        }
    }

    /** The path's transport connection is gone. */
    public void handlePathDown(long pathId, ErrorCode code, String text, long time) {
        at(time);
        Path<Sent> path = paths.get(pathId);
        if (path != null) {
            paths.kill(path, code, text, now);
            checkDetached();
        }
    }

    /** Changes how a path is used, at both ends. */
    public void setStanding(long pathId, PathStanding standing) {
        Path<Sent> path = paths.get(pathId);
        if (path != null) {
            paths.setStanding(path, standing);
        }
    }

    /** Something happened that may have killed paths unnoticed: asks each for a sign of life. */
    public void probeAll(long time) {
        at(time);
        for (Path<Sent> each : paths.all()) {
            if (each.isUp()) {
                paths.probe(each, now);
            }
        }
    }

    // Frames.

    /** Takes ownership of the frame. Those of a path that is over are dropped. */
    public void handleFrame(long pathId, Frame frame, long time) {
        at(time);
        Path<Sent> path = paths.get(pathId);
        if (path == null || state == SessionState.CLOSED) {
            frame.release();
            return;
        }
        try {
            dispatch(path, frame);
        } catch (ProtocolException e) {
            String text = String.valueOf(e.getMessage());
            if (e.scope() == ProtocolException.Scope.PATH) {
                paths.kill(path, e.code(), text, now);
                checkDetached();
            } else {
                end(e.code(), text, false);
            }
        }
    }

    /** The path's transport has taken what it was given in part only: it has all that it can send for now. */
    public void handleRefusal(long pathId) {
        Path<Sent> path = paths.get(pathId);
        if (path != null) {
            path.limit().refused();
        }
    }

    /**
     * How much should be given to the path's transport ahead of what it has sent: the less, the later it is decided what leaves.
     *
     * @return bytes, or 0 for a path that is gone
     */
    public int commitment(long pathId) {
        Path<Sent> path = paths.get(pathId);
        return path == null ? 0 : Lane.commitment(path);
    }

    /** How many bytes should leave in one write on the path, so that what is urgent never waits long behind it. */
    public int flight(long pathId) {
        Path<Sent> path = paths.get(pathId);
        return path == null ? 0 : Lane.flight(path);
    }

    /** So many bytes arrived on the path, and all frames that ended in them were handled. */
    public void handleBytes(long pathId, int bytes, long time) {
        at(time);
        Path<Sent> path = paths.get(pathId);
        if (path != null) {
            path.countReceived(bytes, now);
            if (path.arrivesUnasked(now)) {
                paths.probe(path, now);
            }
        }
    }

    /**
     * For how long the peer should not be read, in nanoseconds, because it makes this end do more than its share; 0 as a rule. Asked after each batch
     * of frames, by who then reads nothing for so long: until then no path is taken for dead.
     */
    public long inputDelay(long time) {
        if (state == SessionState.CLOSED) {
            return 0;
        }
        long at = Math.max(now, time);
        long delay = budget.delayNanos(at);
        if (delay > 0) {
            paths.readAgainAt(at + delay);
        }
        return delay;
    }

    private void charge(Frame frame) throws ProtocolException {
        try {
            budget.charge(frame, now);
        } catch (ProtocolException e) {
            frame.release();
            throw e;
        }
    }

    private void dispatch(Path<Sent> path, Frame frame) throws ProtocolException {
        charge(frame);
        if (isRemembered(frame)) {
            path.expectAcknowledgement(now);
        }
        if (frame instanceof Data data) {
            streams.data(data);
        } else if (frame instanceof PathAck ack) {
            acknowledged(ack);
        } else if (frame instanceof MaxStreamData limit) {
            streams.maxStreamData(limit);
        } else if (frame instanceof MaxData limit) {
            streams.maxData(limit.limit());
        } else if (frame instanceof Open open) {
            streams.opened(open);
        } else if (frame instanceof Accept accept) {
            streams.accepted(accept);
        } else if (frame instanceof Reject reject) {
            streams.rejected(reject);
        } else if (frame instanceof Reset reset) {
            streams.wasReset(reset);
        } else if (frame instanceof Stop stop) {
            streams.stopped(stop);
        } else if (frame instanceof MaxStreams limit) {
            streams.maxStreams(limit.limit());
        } else if (frame instanceof Priority priority) {
            streams.prioritised(priority);
        } else if (frame instanceof Datagram datagram) {
            streams.datagram(datagram);
        } else {
            dispatchRare(path, frame);
        }
    }

    private void dispatchRare(Path<Sent> path, Frame frame) throws ProtocolException {
        if (frame instanceof Ping ping) {
            paths.pinged(path, ping);
        } else if (frame instanceof Pong pong) {
            paths.ponged(path, pong, now);
        } else if (frame instanceof PathClose close) {
            paths.closedByPeer(close, now);
            checkDetached();
        } else if (frame instanceof PathStatus status) {
            paths.stand(status, now);
        } else if (frame instanceof SessionClose close) {
            end(close.code(), close.text(), true);
        } else if (frame instanceof GoAway goAway) {
            events.add(new SessionEvent.GoingAway(goAway.deadlineMillis(), goAway.gateways()));
        } else if (role == Role.CLIENT && frame instanceof HelloOk ok && path.state() == PathState.JOINING) {
            established(path, ok);
        } else if (id != null && frame instanceof JoinOk ok && path.state() == PathState.JOINING) {
            answered(path, ok.retired());
        } else if (role == Role.CLIENT && frame instanceof Refused refused && path.state() == PathState.JOINING) {
            refused(path, refused);
        } else if (role == Role.CLIENT && frame instanceof AddAddress add) {
            addressSaid(add.address(), add.sequence(), true);
        } else if (role == Role.CLIENT && frame instanceof RemoveAddress remove) {
            addressSaid(remove.address(), remove.sequence(), false);
        } else if (role == Role.CLIENT && frame instanceof NextKey key) {
            keySaid(key);
        } else if (role == Role.CLIENT && frame instanceof Conditions conditions) {
            if (agreement.isNews(conditions)) {
                events.add(new SessionEvent.ConditionsStated(conditions.sequence(), conditions.words()));
            }
        } else if (role == Role.GATEWAY && frame instanceof Agreed agreed) {
            if (agreement.isNews(agreed)) {
                events.add(new SessionEvent.ConditionsAnswered(agreed.sequence(), agreed.accepted(), agreed.text()));
            }
        } else if (!(frame instanceof Padding) && !(frame instanceof Blocked)) {
            frame.release();
            throw ProtocolException.session(
                    ErrorCode.PROTOCOL_VIOLATION,
                    frame.type() + " is not expected by a " + role + " on a path that is " + path.state());
        }
    }

    /** Whether the sender keeps the frame in its log, so that it waits for an acknowledgement. */
    private static boolean isRemembered(Frame frame) {
        return switch (frame.type()) {
            case PADDING,
                    PING,
                    PONG,
                    PATH_ACK,
                    HELLO,
                    HELLO_OK,
                    JOIN,
                    JOIN_OK,
                    ENROL,
                    ENROL_OK,
                    REFUSED,
                    DATAGRAM,
                    SESSION_CLOSE -> false;
            default -> true;
        };
    }

    private void keySaid(NextKey key) {
        if (key.sequence() > keySequence) {
            keySequence = key.sequence();
            events.add(new SessionEvent.KeyAnnounced(key.pin()));
        }
    }

    private void addressSaid(String address, long sequence, boolean added) {
        if (known.isNews(address, sequence)) {
            events.add(new SessionEvent.AddressChanged(address, added));
        }
    }

    private void acknowledged(PathAck ack) throws ProtocolException {
        paths.acknowledged(ack, now);
        streams.setRoundTrip(paths.longestRoundTrip());
        long wanted = Math.max(config.replayMin(), 2 * paths.bandwidthDelayProduct());
        outbound.setReplayBound(Math.min(config.replayMax(), wanted));
    }

    private void established(Path<Sent> path, HelloOk ok) throws ProtocolException {
        if (id != null && !id.equals(ok.session())) {
            throw ProtocolException.path(ErrorCode.SESSION_GONE, "the gateway answered with another session");
        }
        if (id == null) {
            id = ok.session();
            peerRandom = ok.random();
            agreement.met(ok.parameters());
            streams.apply(ok.parameters());
            events.add(new SessionEvent.Established(ok.session(), ok.addresses()));
        }
        answered(path, ok.retired());
    }

    private void answered(Path<Sent> path, List<PathCount> retired) throws ProtocolException {
        path.rtt().sample(now - path.startedAt());
        paths.settleRetired(retired, path.id(), now);
        up(path);
    }

    private void refused(Path<Sent> path, Refused refused) {
        boolean isFinal = switch (refused.code()) {
            case SESSION_GONE, UNKNOWN_KEY, REVOKED, VERSION_NOT_SUPPORTED -> true;
            default -> false;
        };
        // A path that works knows better than one that was refused.
        if (isFinal && !paths.hasUp()) {
            end(refused.code(), refused.text(), true);
        } else {
            paths.kill(path, refused.code(), refused.text(), now);
            checkDetached();
        }
    }

    private void up(Path<Sent> path) {
        boolean wasDetached = state == SessionState.DETACHED;
        state = SessionState.ACTIVE;
        paths.joined(path, now);
        if (wasDetached) {
            events.add(new SessionEvent.Resumed(now - detachedAt));
        }
    }

    private void checkDetached() {
        if (state == SessionState.ACTIVE && paths.count() == countJoining()) {
            state = SessionState.DETACHED;
            detachedAt = now;
            events.add(new SessionEvent.Detached());
        }
    }

    private int countJoining() {
        int joining = 0;
        for (Path<Sent> each : paths.all()) {
            joining += each.state() == PathState.JOINING ? 1 : 0;
        }
        return joining;
    }

    // Time.

    /** Looks at everything that has a deadline. To be called at {@link #nextTimeout}, harmless at any other time. */
    public void handleTimeout(long time) {
        at(time);
        if (state == SessionState.CLOSED) {
            return;
        }
        paths.checkSilence(streams.count() > 0, now);
        checkDetached();
        if (role == Role.GATEWAY && state == SessionState.DETACHED && now - detachedAt >= config.holdNanos()) {
            end(ErrorCode.HOLD_EXPIRED, "no path for " + config.holdNanos() / 1_000_000_000 + " s", false);
        }
    }

    /** When {@link #handleTimeout} or a poll of frames is due, in nanoseconds; {@link Long#MAX_VALUE} for never. */
    public long nextTimeout() {
        if (state == SessionState.CLOSED) {
            return Long.MAX_VALUE;
        }
        long next = Math.min(paths.acknowledgements().nextDue(now), paths.nextCheck(streams.count() > 0));
        if (paths.isMuchOut()) {
            next = Math.min(next, now + PULSE);
        }
        if (role == Role.GATEWAY && state == SessionState.DETACHED) {
            next = Math.min(next, detachedAt + config.holdNanos());
        }
        expectedInputAt = next;
        return next;
    }

    private void at(long time) {
        if (expectedInputAt != Long.MAX_VALUE && time - expectedInputAt > LATE) {
            paths.forgive(time - Math.max(now, expectedInputAt), time);
        }
        expectedInputAt = Long.MAX_VALUE;
        now = Math.max(now, time);
        streams.at(now);
    }

    // What leaves.

    /** The next event, or null. */
    public @Nullable SessionEvent pollEvent() {
        SessionEvent event = events.poll();
        if (event instanceof SessionEvent.StreamClosed closed) {
            streams.forget(closed.stream());
        }
        return event;
    }

    /**
     * The next frame for a path that can take one, or null where there is none now. The caller owns the frame, writes it to that path and releases it;
     * frames of one path leave in the order in which they were polled.
     */
    public @Nullable Frame pollFrame(long pathId, long time) {
        return pollFrame(pathId, Integer.MAX_VALUE, time);
    }

    /**
     * As {@link #pollFrame(long, long)}.
     *
     * @param room bytes that are left of a flight: bytes of a stream are cut so that they fit, where that is worth it
     */
    public @Nullable Frame pollFrame(long pathId, int room, long time) {
        at(time);
        Path<Sent> path = paths.get(pathId);
        if (path == null) {
            return null;
        }
        Frame frame = paths.pollPosted(path);
        if (frame != null) {
            path.countSent(frame.length(), now);
        } else if (state != SessionState.CLOSED) {
            frame = pollShared(path, room);
        }
        flightHasFrames = frame != null;
        return frame;
    }

    private @Nullable Frame pollShared(Path<Sent> path, int room) {
        if (!path.isUp() && !isEager(path)) {
            return pollWhileSuspected(path);
        }
        Frame due = paths.acknowledgements().due(path, now);
        if (due != null) {
            path.countSent(due.length(), now);
            return due;
        }
        Outgoing next = outbound.poll(new Lane(path, paths.selector(), room), now);
        if (next == null) {
            if (!path.isFull()) {
                path.rate().lackedWork();
            }
            Frame ack = flightHasFrames ? paths.acknowledgements().rideAlong(path, now) : null;
            if (ack != null) {
                path.countSent(ack.length(), now);
            }
            return ack;
        }
        int length = next.frame().length();
        if (next.item() == null) {
            path.countSent(length, now);
        } else {
            path.remember(length, next.item(), now);
        }
        return next.frame();
    }

    /** Where no other path can speak for it, a suspected path still says what arrived: the peer may wait for just that to trust it again. */
    private @Nullable Frame pollWhileSuspected(Path<Sent> path) {
        if (path.state() != PathState.SUSPECT || paths.hasUp()) {
            return null;
        }
        Frame due = paths.acknowledgements().due(path, now);
        if (due != null) {
            path.countSent(due.length(), now);
        }
        return due;
    }

    /** Whether a path that has not been answered yet may carry streams already: a client's, while it has no other. */
    private boolean isEager(Path<Sent> path) {
        if (role != Role.CLIENT || path.state() != PathState.JOINING || paths.hasUp()) {
            return false;
        }
        for (Path<Sent> each : paths.all()) {
            if (each.state() == PathState.JOINING) {
                return each == path;
            }
        }
        return false;
    }

    // Streams.

    /** Opens a stream; bytes may be written at once. Returns its id. */
    public long open(OpenRequest request, long time) {
        at(time);
        return streams.open(request);
    }

    /** Takes ownership of {@code data}. */
    public void write(long stream, ByteBuf data, long time) {
        at(time);
        if (state == SessionState.CLOSED) {
            data.release();
        } else {
            streams.write(stream, data);
        }
    }

    /** Whether more should be written now; when not, a {@link SessionEvent.StreamWritable} follows. */
    public boolean isWritable(long stream) {
        return streams.isWritable(stream);
    }

    /** Ends the outgoing half in order. */
    public void finish(long stream, long time) {
        at(time);
        streams.finish(stream);
    }

    /** Abandons the stream: the outgoing half is reset unless it was delivered, the incoming half stopped unless it has ended. */
    public void reset(long stream, ErrorCode code, long time) {
        at(time);
        streams.reset(stream, code);
    }

    /** Takes no more of the incoming half, unless it has ended. */
    public void stop(long stream, ErrorCode code, long time) {
        at(time);
        streams.stop(stream, code);
    }

    /** The next bytes in order, gives ownership; null where there are none now. */
    public @Nullable ByteBuf read(long stream) {
        return streams.read(stream);
    }

    public boolean isEndOfStream(long stream) {
        return streams.isEndOfStream(stream);
    }

    /** Bytes that were read have left for the local socket: their credit may return. */
    public void consumed(long stream, int bytes, long time) {
        at(time);
        streams.consumed(stream, bytes);
    }

    public void accept(long stream, Destination bound, long time) {
        at(time);
        streams.accept(stream, bound);
    }

    public void reject(long stream, ErrorCode code, String text, long time) {
        at(time);
        streams.reject(stream, code, text);
    }

    public void setUrgency(long stream, int urgency) {
        streams.setUrgency(stream, urgency);
    }

    /**
     * Sends a datagram of a flow, if a path takes it soon; one that does not fit a frame is dropped. Takes ownership of {@code payload}.
     *
     * @return false if it was dropped at once
     */
    public boolean sendDatagram(long flow, long context, ByteBuf payload, long time) {
        at(time);
        Datagram datagram = new Datagram(flow, context, payload);
        if (datagram.bodyLength() > Frame.MAX_BODY_LENGTH || state == SessionState.CLOSED) {
            payload.release();
            return false;
        }
        outbound.wantDatagram(datagram, now);
        return true;
    }

    // The end.

    /** Gateway: takes no further streams and says so. */
    public void goAway(long deadlineMillis, List<String> gateways, long time) {
        at(time);
        outbound.wantFrame(new GoAway(0, deadlineMillis, gateways));
    }

    /** Gateway: a further address, or one fewer, is made known to the client. */
    public void announceAddress(String address, boolean added) {
        List<String> now = new ArrayList<>(addresses);
        now.remove(address);
        if (added) {
            now.add(address);
        }
        addresses = List.copyOf(now);
        long sequence = known.next();
        outbound.wantFrame(added ? new AddAddress(sequence, address) : new RemoveAddress(sequence, address));
    }

    /** Gateway: these conditions hold from now on; the client is told, if it takes part in agreement. */
    public void stateConditions(List<String> words) {
        if (agreement.state(words)) {
            stateConditions();
        }
    }

    private void stateConditions() {
        Conditions conditions = agreement.frame();
        if (conditions != null) {
            outbound.wantFrame(conditions);
        }
    }

    /** Client: whether the gateway states conditions; known once the session is established. */
    public boolean isConditional() {
        return agreement.peerTakesPart();
    }

    /** Client: accepts or refuses the conditions of that number. */
    public void answerConditions(long sequence, boolean accepted, String text) {
        outbound.wantFrame(new Agreed(sequence, accepted, text));
    }

    /** While this end is short of memory: takes nothing more from local sockets, and promises the peer no more than at the start. */
    public void setFrugal(boolean frugal) {
        streams.setFrugal(frugal);
    }

    /** Gateway: makes the pin known by which it is going to be known. */
    public void announceKey(String pin) {
        outbound.wantFrame(new NextKey(++keySequence, pin));
    }

    /** Ends the session and everything in it; what remains to be polled is the farewell to the peer. */
    public void close(ErrorCode code, String text, long time) {
        at(time);
        end(code, text, false);
    }

    private void end(ErrorCode code, String text, boolean byPeer) {
        if (state == SessionState.CLOSED) {
            return;
        }
        state = SessionState.CLOSED;
        events.add(new SessionEvent.Ended(code, text, byPeer));
        if (!byPeer) {
            for (Path<Sent> each : paths.all()) {
                each.post(new SessionClose(code, text));
            }
        }
    }

    /** Gives back every buffer. The session is of no use afterwards. */
    public void dispose() {
        state = SessionState.CLOSED;
        streams.dispose();
        paths.dispose(now);
        outbound.dispose();
        for (SessionEvent each : events) {
            if (each instanceof SessionEvent.DatagramReceived datagram) {
                datagram.payload().release();
            }
        }
        events.clear();
    }

    // For the audit of the tests.

    Streams streams() {
        return streams;
    }

    Paths pathTable() {
        return paths;
    }

    private SessionId idOrThrow() {
        if (id == null) {
            throw new IllegalStateException("a gateway's session has an id from the start");
        }
        return id;
    }
}

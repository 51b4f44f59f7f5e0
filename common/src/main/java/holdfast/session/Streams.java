package holdfast.session;

import holdfast.flowcontrol.ReceiveCredit;
import holdfast.flowcontrol.SendCredit;
import holdfast.flowcontrol.WindowPool;
import holdfast.frame.Accept;
import holdfast.frame.Data;
import holdfast.frame.Datagram;
import holdfast.frame.MaxStreamData;
import holdfast.frame.Open;
import holdfast.frame.Parameters;
import holdfast.frame.Priority;
import holdfast.frame.Reject;
import holdfast.frame.Reset;
import holdfast.frame.Stop;
import holdfast.frame.VarInt;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.Origin;
import holdfast.protocol.ProtocolException;
import holdfast.protocol.Role;
import holdfast.stream.GapBudget;
import holdfast.stream.ReceiveHalf;
import holdfast.stream.ReceiveState;
import holdfast.stream.SendHalf;
import holdfast.stream.Stream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The streams of a session: commands from the local side, frames from the peer, credit of both directions. What leaves is {@link Outbound}'s. */
final class Streams {
    private static final long MIN_ROUND = 5_000_000;

    /** Bytes that are not fetched for so long wait for a local socket, and not just for the end of the event loop's turn. */
    private static final long LATE = 5_000_000;

    private static final int MIN_UNSENT = 16 * 1024;
    private static final int MAX_UNSENT = 256 * 1024;

    private final SessionConfig config;
    private final ByteBufAllocator allocator;
    private final Consumer<SessionEvent> events;
    private final StreamTable table;
    private final SendCredit sendCredit = new SendCredit(SessionConfig.INITIAL_SESSION_WINDOW);
    private final ReceiveCredit receiveCredit;
    private final Outbound outbound;
    private final FrameBudget budget;
    private final GapBudget gaps = new GapBudget(2 * Outbound.MAX_PIECES);
    private final WindowPool windows;

    private long peerStreamWindow = SessionConfig.INITIAL_STREAM_WINDOW;
    private long roundTrip = MIN_ROUND;
    private long unsentBytes;
    private boolean frugal;
    private long now;

    Streams(
            Role role,
            SessionConfig config,
            ByteBufAllocator allocator,
            FrameBudget budget,
            Consumer<SessionEvent> events) {
        this.budget = budget;
        this.config = config;
        this.allocator = allocator;
        this.events = events;
        this.table = new StreamTable(role, config.maxStreams(), SessionConfig.INITIAL_MAX_STREAMS);
        this.receiveCredit =
                ReceiveCredit.ofSession(config.sessionWindow(), config.maxSessionWindow(), config.holdMax());
        this.windows = new WindowPool(config.holdMax() / 2);
        this.outbound = new Outbound(this, table, sendCredit, receiveCredit);
    }

    Outbound outbound() {
        return outbound;
    }

    Collection<Flow> all() {
        return table.all();
    }

    int count() {
        return table.size();
    }

    /** The time of the input that is being handled, in nanoseconds. */
    void at(long time) {
        now = time;
    }

    /** The longest round trip of a path in use: how long credit takes to come back. */
    void setRoundTrip(long nanos) {
        roundTrip = Math.max(MIN_ROUND, nanos);
    }

    /** The peer's limits became known. */
    void apply(Parameters parameters) {
        peerStreamWindow = Math.max(peerStreamWindow, parameters.get(Parameters.STREAM_WINDOW, 0));
        for (Flow each : table.all()) {
            raise(each, peerStreamWindow);
        }
        sendCredit.raise(parameters.get(Parameters.SESSION_WINDOW, 0));
        maxStreams(parameters.get(Parameters.MAX_STREAMS, 0));
    }

    // Commands of the local side.

    long open(OpenRequest request) {
        Flow flow = newFlow(table.newLocalId(), Origin.LOCAL, request);
        outbound.want(flow, Control.OPEN);
        return flow.id();
    }

    /** Takes ownership. */
    void write(long id, ByteBuf data) {
        Flow flow = table.get(id);
        if (flow == null) {
            data.release();
            return;
        }
        int before = send(flow).unsentBytes();
        send(flow).write(data);
        unsentBytes += send(flow).unsentBytes() - before;
        outbound.activate(flow, now);
    }

    boolean isWritable(long id) {
        Flow flow = table.get(id);
        if (flow == null) {
            return false;
        }
        boolean writable = !frugal && send(flow).unsentBytes() < unsentLimit();
        flow.writerWaits |= !writable;
        return writable;
    }

    /** What one stream may have waiting unsent: a share of what is left, so that many stalled streams together stay within the budget. */
    private int unsentLimit() {
        long share = (config.unsentBudget() - unsentBytes) / 4;
        return (int) Math.max(MIN_UNSENT, Math.min(MAX_UNSENT, share));
    }

    /** Nothing more is written while this end is frugal; windows that have grown start over. */
    void setFrugal(boolean now) {
        if (frugal == now) {
            return;
        }
        frugal = now;
        if (frugal) {
            receiveCredit.shrink();
            table.all().forEach(each -> each.stream.receive().credit().shrink());
            return;
        }
        for (Flow each : table.all()) {
            if (each.writerWaits) {
                each.writerWaits = false;
                events.accept(new SessionEvent.StreamWritable(each.id()));
            }
        }
    }

    /** Bytes of the flow have left for a path. */
    void unsentLeft(Flow flow, int bytes) {
        unsentBytes -= bytes;
        if (flow.writerWaits && !frugal && send(flow).unsentBytes() <= unsentLimit() / 2) {
            flow.writerWaits = false;
            events.accept(new SessionEvent.StreamWritable(flow.id()));
        }
    }

    void finish(long id) {
        Flow flow = table.get(id);
        if (flow != null && send(flow).finish()) {
            outbound.activate(flow, now);
        }
    }

    void reset(long id, ErrorCode code) {
        Flow flow = table.get(id);
        if (flow == null) {
            return;
        }
        flow.abandoned = true;
        flow.stopCode = code;
        resetSending(flow, code, Control.RESET);
        if (flow.opener == Origin.LOCAL && !flow.openSent) {
            flow.done(Control.OPEN);
            flow.stream.receive().stop();
            withdraw(flow);
        } else if (flow.stream.receive().stop()) {
            outbound.want(flow, Control.STOP);
        }
        settleConsumption(flow);
        retireIfOver(flow);
    }

    /** A stream of which the peer has not heard is abandoned whole. */
    void stop(long id, ErrorCode code) {
        Flow flow = table.get(id);
        if (flow == null) {
            return;
        }
        if (flow.opener == Origin.LOCAL && !flow.openSent) {
            reset(id, code);
            return;
        }
        if (flow.stream.receive().stop()) {
            flow.stopCode = code;
            outbound.want(flow, Control.STOP);
        }
        settleConsumption(flow);
        retireIfOver(flow);
    }

    @Nullable ByteBuf read(long id) {
        Flow flow = table.get(id);
        if (flow == null) {
            return null;
        }
        flow.readableTold = false;
        ByteBuf data = flow.stream.receive().read();
        retireIfOver(flow);
        return data;
    }

    /** Whether the peer has finished its half and every byte was read. True also for a stream that is gone. */
    boolean isEndOfStream(long id) {
        Flow flow = table.get(id);
        return flow == null || flow.stream.receive().state() == ReceiveState.READ;
    }

    void consumed(long id, int bytes) {
        Flow flow = table.get(id);
        if (flow != null) {
            flow.stream.receive().consumed(bytes);
            settleConsumption(flow);
        }
    }

    void accept(long id, Destination bound) {
        Flow flow = table.get(id);
        if (flow != null && flow.opener == Origin.REMOTE && !flow.answered && !flow.abandoned) {
            flow.answered = true;
            flow.bound = bound;
            outbound.want(flow, Control.ACCEPT);
        }
    }

    void reject(long id, ErrorCode code, String text) {
        Flow flow = table.get(id);
        if (flow == null || flow.opener == Origin.LOCAL || flow.answered || flow.abandoned) {
            return;
        }
        if (send(flow).sentSize() > 0) {
            // REJECT says that nothing was sent.
            reset(id, code);
            return;
        }
        flow.answered = true;
        flow.abandoned = true;
        flow.rejectCode = code;
        flow.rejectText = text;
        resetSending(flow, code, Control.REJECT);
        flow.stream.receive().stop();
        settleConsumption(flow);
        retireIfOver(flow);
    }

    void setUrgency(long id, int urgency) {
        Flow flow = table.get(id);
        if (flow != null && flow.urgency != urgency) {
            outbound.changeUrgency(flow, urgency);
            flow.prioritySequence = Math.min(VarInt.MAX, flow.prioritySequence + 1);
            outbound.want(flow, Control.PRIORITY);
        }
    }

    // Frames of the peer.

    void opened(Open open) throws ProtocolException {
        if (!table.claim(open.stream())) {
            return;
        }
        newFlow(open.stream(), Origin.REMOTE, open.request());
        events.accept(new SessionEvent.StreamOpened(open.stream(), open.request()));
    }

    void accepted(Accept accept) throws ProtocolException {
        Flow flow = findLocal(accept.stream());
        if (flow != null && !flow.answered) {
            flow.answered = true;
            if (!flow.abandoned && flow.stream.receive().state() != ReceiveState.RESET_RECEIVED) {
                events.accept(new SessionEvent.StreamAccepted(flow.id(), accept.bound()));
            }
            retireIfOver(flow);
        }
    }

    void rejected(Reject reject) throws ProtocolException {
        Flow flow = findLocal(reject.stream());
        if (flow == null || flow.answered) {
            return;
        }
        flow.answered = true;
        if (!flow.abandoned) {
            events.accept(new SessionEvent.StreamRejected(flow.id(), reject.code(), reject.text()));
        }
        flow.abandoned = true;
        resetSending(flow, ErrorCode.CANCELLED, Control.RESET);
        receiveCredit.receivedUpTo(
                receiveCredit.received() + flow.stream.receive().reset(reject.code(), 0));
        settleConsumption(flow);
        retireIfOver(flow);
    }

    /** Takes ownership of the payload. */
    void data(Data data) throws ProtocolException {
        Flow flow;
        try {
            flow = table.find(data.stream());
        } catch (ProtocolException e) {
            data.release();
            throw e;
        }
        if (flow == null) {
            data.release();
            return;
        }
        ReceiveHalf half = flow.stream.receive();
        long fresh = half.receive(data.offset(), isLate(flow) ? ownCopy(data.payload()) : data.payload(), data.fin());
        receiveCredit.receivedUpTo(receiveCredit.received() + fresh);
        settleConsumption(flow);
        if (!flow.readableTold && !flow.abandoned && half.isReadable()) {
            flow.readableTold = true;
            flow.readableToldAt = now;
            events.accept(new SessionEvent.StreamReadable(flow.id()));
        }
        if (half.state() == ReceiveState.READ) {
            retireIfOver(flow);
        }
    }

    /** Whether the local side does not keep up: what arrives may wait for long. */
    private boolean isLate(Flow flow) {
        return flow.readableTold && now - flow.readableToldAt >= LATE;
    }

    /** So that a piece does not keep the rest of its read buffer alive. Takes ownership. */
    private ByteBuf ownCopy(ByteBuf data) {
        try {
            return allocator
                    .directBuffer(data.readableBytes(), data.readableBytes())
                    .writeBytes(data);
        } finally {
            data.release();
        }
    }

    /** Takes ownership of the payload. A datagram may overtake its flow's OPEN, or come behind its end: then it is dropped. */
    void datagram(Datagram datagram) {
        Flow flow = table.get(datagram.flow());
        if (flow == null || flow.abandoned || flow.closed) {
            datagram.release();
        } else {
            events.accept(new SessionEvent.DatagramReceived(datagram.flow(), datagram.context(), datagram.payload()));
        }
    }

    void wasReset(Reset reset) throws ProtocolException {
        if (!table.isLocal(reset.stream()) && table.get(reset.stream()) == null) {
            // RESET of a stream whose OPEN never left: the number is used up.
            if (table.claim(reset.stream())) {
                table.countPeerClosed();
                announceStreamLimit();
            }
            return;
        }
        Flow flow = table.find(reset.stream());
        if (flow == null) {
            return;
        }
        if (flow.opener == Origin.REMOTE && !flow.answered && !flow.abandoned) {
            budget.wasted(Waste.ABANDONED, now);
        }
        ReceiveHalf half = flow.stream.receive();
        boolean news = half.state() == ReceiveState.OPEN && !half.isStopped();
        receiveCredit.receivedUpTo(receiveCredit.received() + half.reset(reset.code(), reset.finalSize()));
        settleConsumption(flow);
        if (news && !flow.abandoned) {
            events.accept(new SessionEvent.StreamReset(flow.id(), reset.code()));
        }
        retireIfOver(flow);
    }

    void stopped(Stop stop) throws ProtocolException {
        Flow flow = table.find(stop.stream());
        if (flow == null) {
            return;
        }
        boolean news = resetSending(flow, stop.code(), Control.RESET);
        if (news && !flow.abandoned) {
            events.accept(new SessionEvent.StreamStopped(flow.id(), stop.code()));
        }
    }

    void maxStreamData(MaxStreamData limit) throws ProtocolException {
        Flow flow = table.find(limit.stream());
        if (flow != null) {
            raise(flow, limit.limit());
        }
    }

    /** Flows that wait for the session's credit have stayed in the scheduler: the next poll finds them. */
    void maxData(long limit) {
        sendCredit.raise(limit);
    }

    void maxStreams(long limit) {
        if (table.raiseLocalLimit(limit)) {
            outbound.opensAllowed();
        }
    }

    void prioritised(Priority priority) throws ProtocolException {
        Flow flow = table.find(priority.stream());
        if (flow != null && priority.sequence() > flow.prioritySequence) {
            flow.prioritySequence = priority.sequence();
            outbound.changeUrgency(flow, (int) Math.min(7, priority.urgency()));
        }
    }

    // What became of what was sent.

    void retireIfOver(Flow flow) {
        if (!flow.stream.isOver()
                || flow.essentialsOut > 0
                || flow.wantsEssential()
                || flow.closed
                || isAnswerOnItsWay(flow)) {
            return;
        }
        // What was read and is still on its way to the local socket is the relay's now, and no longer counted.
        flow.stream.receive().discard();
        sessionConsumed(flow.stream.receive().takeConsumed());
        outbound.forget(flow);
        flow.closed = true;
        events.accept(new SessionEvent.StreamClosed(flow.id()));
    }

    /** Everything arrived, but what the acceptor said before it travels on another path. */
    private static boolean isAnswerOnItsWay(Flow flow) {
        ReceiveHalf half = flow.stream.receive();
        return flow.opener == Origin.LOCAL
                && !flow.answered
                && !flow.abandoned
                && half.state() == ReceiveState.READ
                && !half.isStopped();
    }

    /** The local side has been told that the stream is closed: until then it could still ask how it ended. */
    void forget(long id) {
        Flow flow = table.get(id);
        if (flow != null) {
            table.remove(flow);
            announceStreamLimit();
        }
    }

    private void announceStreamLimit() {
        if (table.isLimitWorthAnnouncing()) {
            outbound.wantLimit(Sent.Limit.STREAMS);
        }
    }

    /** Ends every stream without a word to the peer, gives all buffers back. */
    void dispose() {
        for (Flow each : new ArrayList<>(table.all())) {
            unsentBytes -= send(each).unsentBytes();
            send(each).reset(ErrorCode.SESSION_GONE);
            each.stream.receive().discard();
        }
    }

    /** Bytes of this end that the peer has not acknowledged, or 0 for a stream that is over. */
    long undelivered(long id) {
        Flow flow = table.get(id);
        return flow == null ? 0 : (long) send(flow).unsentBytes() + send(flow).outstandingBytes();
    }

    long unsentBytes() {
        return unsentBytes;
    }

    long heldBytes() {
        return receiveCredit.held();
    }

    SendCredit sendCredit() {
        return sendCredit;
    }

    ReceiveCredit receiveCredit() {
        return receiveCredit;
    }

    GapBudget gaps() {
        return gaps;
    }

    IdLedger peerIds() {
        return table.peerIds();
    }

    private void settleConsumption(Flow flow) {
        ReceiveHalf half = flow.stream.receive();
        sessionConsumed(half.takeConsumed());
        if (half.state() != ReceiveState.OPEN || half.isStopped()) {
            return;
        }
        half.credit().tune(now, roundTrip);
        if (half.credit().isWorthAnnouncing()) {
            outbound.want(flow, Control.MAX_STREAM_DATA);
        }
    }

    private void sessionConsumed(long bytes) {
        if (bytes > 0) {
            receiveCredit.consumed(bytes);
        }
        receiveCredit.tune(now, roundTrip);
        if (receiveCredit.isWorthAnnouncing()) {
            outbound.wantLimit(Sent.Limit.DATA);
        }
    }

    /** Returns whether the half was not over yet. */
    private boolean resetSending(Flow flow, ErrorCode code, Control by) {
        int unsent = send(flow).unsentBytes();
        boolean news = outbound.abandon(flow, code);
        if (news) {
            unsentBytes -= unsent;
        }
        if (news || by == Control.REJECT) {
            outbound.want(flow, by);
        }
        return news;
    }

    /** A stream that the peer has never heard of: only its number has to be marked as used. */
    private void withdraw(Flow flow) {
        try {
            flow.stream.receive().reset(ErrorCode.CANCELLED, 0);
        } catch (ProtocolException e) {
            throw new IllegalStateException("bytes arrived for a stream that was never opened", e);
        }
    }

    private void raise(Flow flow, long limit) {
        if (send(flow).credit().raise(limit)) {
            outbound.activate(flow, now);
        }
    }

    private @Nullable Flow findLocal(long id) throws ProtocolException {
        Flow flow = table.find(id);
        if (!table.isLocal(id)) {
            throw ProtocolException.session(ErrorCode.PROTOCOL_VIOLATION, "the peer answered its own stream " + id);
        }
        return flow;
    }

    private Flow newFlow(long id, Origin opener, OpenRequest request) {
        SendHalf send = new SendHalf(allocator, peerStreamWindow);
        ReceiveHalf receive = new ReceiveHalf(
                allocator, ReceiveCredit.ofStream(config.streamWindow(), config.maxStreamWindow(), windows), gaps);
        Flow flow = new Flow(new Stream(id, send, receive), opener, request);
        table.add(flow);
        return flow;
    }

    private static SendHalf send(Flow flow) {
        return flow.stream.send();
    }
}

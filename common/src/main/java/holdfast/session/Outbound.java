package holdfast.session;

import holdfast.flowcontrol.ReceiveCredit;
import holdfast.flowcontrol.SendCredit;
import holdfast.frame.Accept;
import holdfast.frame.Data;
import holdfast.frame.Datagram;
import holdfast.frame.Frame;
import holdfast.frame.MaxData;
import holdfast.frame.MaxStreamData;
import holdfast.frame.MaxStreams;
import holdfast.frame.Open;
import holdfast.frame.Priority;
import holdfast.frame.Reject;
import holdfast.frame.Reset;
import holdfast.frame.Stop;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.Origin;
import holdfast.stream.Chunk;
import holdfast.stream.ReceiveState;
import holdfast.stream.SendHalf;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the streams of a session have to send, and in which order: limits, whole frames, control frames of streams, datagrams, bytes. Decides what
 * leaves next by the path that asks, and brings back what a lost path carried.
 */
final class Outbound {
    /** Pieces with bytes that may be unacknowledged at once, over all streams: the peer allows for twice as many gaps. */
    static final int MAX_PIECES = 8192;

    private final Streams streams;
    private final StreamTable table;
    private final SendCredit sendCredit;
    private final ReceiveCredit receiveCredit;

    private final EnumSet<Sent.Limit> limits = EnumSet.noneOf(Sent.Limit.class);
    private final ArrayDeque<Frame> whole = new ArrayDeque<>();
    private final ArrayDeque<Flow> controls = new ArrayDeque<>();
    private final ArrayDeque<Flow> opensHeld = new ArrayDeque<>();
    private final DatagramQueue datagrams = new DatagramQueue();
    private final StreamScheduler scheduler = new StreamScheduler();
    private final BlockedHeads blocked = new BlockedHeads();

    /** Flows with something that needs no credit of the session, and some that had; all that is looked at while there is none. */
    private final ArrayDeque<Flow> free = new ArrayDeque<>();

    /** Paths on which a look at all streams found nothing, though there are some: not to be looked for again before something stirs. */
    private final Set<Long> barren = new HashSet<>();

    private long outstandingBytes;
    private long outstandingPieces;
    private long replayBound;

    Outbound(Streams streams, StreamTable table, SendCredit sendCredit, ReceiveCredit receiveCredit) {
        this.streams = streams;
        this.table = table;
        this.sendCredit = sendCredit;
        this.receiveCredit = receiveCredit;
    }

    // What is wanted.

    void want(Flow flow, Control control) {
        flow.want(control);
        if (!flow.controlQueued) {
            flow.controlQueued = true;
            controls.add(flow);
        }
    }

    void wantLimit(Sent.Limit limit) {
        limits.add(limit);
    }

    void wantFrame(Frame frame) {
        if (!whole.contains(frame)) {
            whole.add(frame);
        }
    }

    /** Takes ownership of the payload. */
    void wantDatagram(Datagram datagram, long now) {
        datagrams.add(datagram, now);
    }

    void activate(Flow flow, long now) {
        flow.woken(now);
        if (isBusy(flow)) {
            scheduler.activate(flow, now);
            if (flow.isBulk(now) || flow.isPinned()) {
                stir();
            }
        }
        if (!flow.freeListed && flow.stream.send().canSend(0)) {
            flow.freeListed = true;
            free.add(flow);
        }
    }

    /**
     * Something may leave by a path now that could not before. A path that is not the fastest takes what is bulk, and what may leave nowhere else: so
     * news of such streams, and of the paths themselves.
     */
    void stir() {
        barren.clear();
    }

    /** The flow's outgoing half is over by a reset. Returns whether that is news. */
    boolean abandon(Flow flow, ErrorCode code) {
        SendHalf send = flow.stream.send();
        int bytes = send.outstandingBytes();
        int pieces = send.outstandingPieces();
        boolean news = send.reset(code);
        countOutstanding(send, bytes, pieces);
        return news;
    }

    void opensAllowed() {
        while (!opensHeld.isEmpty() && table.mayOpen(opensHeld.element().id())) {
            controls.add(opensHeld.remove());
        }
    }

    void changeUrgency(Flow flow, int urgency) {
        scheduler.changeUrgency(flow, urgency);
    }

    void forget(Flow flow) {
        scheduler.remove(flow);
    }

    /** Unacknowledged bytes at which nothing new is sent. */
    void setReplayBound(long bytes) {
        replayBound = bytes;
    }

    long outstandingBytes() {
        return outstandingBytes;
    }

    boolean isAtReplayBound() {
        return outstandingBytes >= replayBound || outstandingPieces >= MAX_PIECES;
    }

    long outstandingPieces() {
        return outstandingPieces;
    }

    /** Whether nothing is wanted, listed or unacknowledged. */
    boolean isIdle() {
        return outstandingBytes == 0
                && outstandingPieces == 0
                && limits.isEmpty()
                && whole.isEmpty()
                && controls.isEmpty()
                && opensHeld.isEmpty()
                && scheduler.size() == 0;
    }

    @Override
    public String toString() {
        return "unacknowledged " + outstandingBytes + " of " + replayBound + " bytes in " + outstandingPieces
                + " pieces, controls " + controls.size() + ", opens held " + opensHeld.size() + ", limits " + limits
                + ", frames " + whole + ", busy streams " + scheduler.size();
    }

    void dispose() {
        datagrams.clear();
        whole.clear();
        controls.clear();
        opensHeld.clear();
        limits.clear();
    }

    // What leaves.

    /** The next frame for a path, or null where nothing may be sent on it now. */
    @Nullable Outgoing poll(Lane lane, long now) {
        if (!lane.isInUse()) {
            return null;
        }
        if (lane.isPrompt()) {
            Outgoing control = pollControl(lane);
            if (control != null) {
                return control;
            }
            Datagram datagram = datagrams.poll(now);
            if (datagram != null) {
                return new Outgoing(datagram, null);
            }
        }
        Outgoing late = blocked.poll(lane, now);
        return late == null ? pollBytes(lane, now) : late;
    }

    private @Nullable Outgoing pollControl(Lane lane) {
        if (!limits.isEmpty()) {
            Sent.Limit limit = limits.iterator().next();
            limits.remove(limit);
            Frame frame = limit == Sent.Limit.DATA
                    ? new MaxData(receiveCredit.announce())
                    : new MaxStreams(table.announceLimit());
            return new Outgoing(frame, new Sent.SessionLimit(limit));
        }
        Frame next = whole.poll();
        if (next != null) {
            return new Outgoing(next, new Sent.Whole(next));
        }
        for (int looks = controls.size(); looks > 0; looks--) {
            Flow flow = controls.remove();
            if (isBeyondLimit(flow)) {
                opensHeld.add(flow);
                continue;
            }
            Outgoing control = lane.mayCarryControl(flow) ? streamControl(flow, lane) : null;
            if (!flow.wantsAny()) {
                flow.controlQueued = false;
            } else if (control == null) {
                controls.add(flow);
            } else {
                controls.addFirst(flow);
            }
            if (control != null) {
                return control;
            }
        }
        return null;
    }

    /** Whether not even the number of this stream may be mentioned yet. */
    private boolean isBeyondLimit(Flow flow) {
        return flow.opener == Origin.LOCAL && !flow.openSent && !table.mayOpen(flow.id());
    }

    /** The flow's first control frame that still matters. */
    private @Nullable Outgoing streamControl(Flow flow, Lane lane) {
        while (flow.wantsAny()) {
            Control control = flow.nextControl();
            flow.done(control);
            Frame frame = flow.closed ? null : streamFrame(flow, control);
            if (frame != null) {
                if (control == Control.OPEN) {
                    flow.openPath = lane.pathId();
                    flow.openSent = true;
                    stir();
                }
                if (control.isEssential()) {
                    flow.essentialsOut++;
                }
                return new Outgoing(frame, new Sent.StreamControl(flow, control));
            }
        }
        return null;
    }

    private @Nullable Frame streamFrame(Flow flow, Control control) {
        long id = flow.id();
        SendHalf send = flow.stream.send();
        return switch (control) {
            case OPEN -> new Open(id, flow.request);
            case ACCEPT -> new Accept(id, Objects.requireNonNull(flow.bound, "accepted without an address"));
            case REJECT -> new Reject(id, flow.rejectCode, flow.rejectText);
            case RESET -> send.state().isReset() ? new Reset(id, send.resetCode(), send.sentSize()) : null;
            case STOP -> flow.stream.receive().state().isTerminal() ? null : new Stop(id, flow.stopCode);
            case MAX_STREAM_DATA ->
                flow.stream.receive().state() == ReceiveState.OPEN
                        ? new MaxStreamData(id, flow.stream.receive().credit().announce())
                        : null;
            case PRIORITY -> new Priority(id, flow.prioritySequence, flow.urgency);
        };
    }

    private @Nullable Outgoing pollBytes(Lane lane, long now) {
        long sessionCredit = isAtReplayBound() ? 0 : sendCredit.available();
        dropSpentFree();
        Flow flow = null;
        if (lane.isPrompt() || !barren.contains(lane.pathId())) {
            flow = sessionCredit > 0 ? nextFlow(lane, sessionCredit, now) : nextFreeFlow(lane, now);
        }
        if (flow == null) {
            return null;
        }
        SendHalf send = flow.stream.send();
        boolean again = send.hasResend();
        long sizeBefore = send.sentSize();
        int unsentBefore = send.unsentBytes();
        int bytesBefore = send.outstandingBytes();
        int piecesBefore = send.outstandingPieces();
        Chunk chunk = Objects.requireNonNull(
                send.next(lane.maxPayload(Data.overhead(flow.id(), sizeBefore)), sessionCredit),
                "a ready flow has bytes");
        sendCredit.use(send.sentSize() - sizeBefore);
        countOutstanding(send, bytesBefore, piecesBefore);
        if (again) {
            lane.countRepeated(chunk.length());
        } else {
            blocked.sent(chunk.length());
        }
        scheduler.charge(flow, chunk.length() + Data.MAX_OVERHEAD);
        boolean wasBulk = flow.isBulk(now);
        flow.countBurst(chunk.length(), now);
        if (!wasBulk && flow.isBulk(now)) {
            stir();
        }
        streams.unsentLeft(flow, unsentBefore - send.unsentBytes());
        Data frame =
                new Data(flow.id(), chunk.offset(), chunk.fin(), chunk.data().retainedDuplicate());
        return new Outgoing(frame, new Sent.StreamBytes(flow, chunk));
    }

    private @Nullable Flow nextFlow(Lane lane, long sessionCredit, long now) {
        if (lane.isFull()) {
            return scheduler.first(new LightOnly(lane, sessionCredit, now));
        }
        Flow flow = scheduler.next(Outbound::isBusy, new Ready(lane, sessionCredit, now), now);
        if (flow == null && !lane.isOnlyChoice()) {
            flow = scheduler.next(Outbound::isBusy, new Striped(lane, sessionCredit, now), now);
        }
        if (flow == null && !lane.isBehind()) {
            barren.add(lane.pathId());
        }
        return flow;
    }

    /** Without credit of the session only what was sent before, or the mere end of a half, may leave: the many that wait are not looked at. */
    private @Nullable Flow nextFreeFlow(Lane lane, long now) {
        for (int looks = free.size(); looks > 0; looks--) {
            Flow flow = free.element();
            if (!flow.stream.send().canSend(0)) {
                free.remove().freeListed = false;
            } else if (!isHeld(flow, lane, now) && (lane.mayCarryBytes(flow, now) || lane.mayStripe(flow, now))) {
                return flow;
            } else {
                free.add(free.remove());
            }
        }
        return null;
    }

    private static boolean isHeld(Flow flow, Lane lane, long now) {
        if (!lane.isFull() || !flow.isBulk(now)) {
            return false;
        }
        lane.heldBack();
        return true;
    }

    private void dropSpentFree() {
        while (!free.isEmpty() && !free.element().stream.send().canSend(0)) {
            free.remove().freeListed = false;
        }
    }

    private static boolean isBusy(Flow flow) {
        return flow.stream.send().canSend(Long.MAX_VALUE);
    }

    // Which streams a path asks for. Classes and not lambdas: the quick compiler's code calls into the JVM for each
    // lambda that holds something.

    private record Ready(Lane lane, long credit, long now) implements Predicate<Flow> {
        @Override
        public boolean test(Flow flow) {
            return flow.stream.send().canSend(credit) && lane.mayCarryBytes(flow, now);
        }
    }

    private record Striped(Lane lane, long credit, long now) implements Predicate<Flow> {
        @Override
        public boolean test(Flow flow) {
            return flow.stream.send().canSend(credit) && lane.mayStripe(flow, now);
        }
    }

    /** Where no more may be on its way, what is bulk waits; and that it does is how the limit learns that it matters. */
    private record LightOnly(Lane lane, long credit, long now) implements Predicate<Flow> {
        @Override
        public boolean test(Flow flow) {
            return flow.stream.send().canSend(credit) && !isHeld(flow, lane, now) && lane.mayCarryBytes(flow, now);
        }
    }

    // What became of it.

    /** The peer has it. */
    void settled(Sent item, long now) {
        if (item instanceof Sent.StreamBytes bytes) {
            SendHalf send = bytes.flow().stream.send();
            int before = send.outstandingBytes();
            int pieces = send.outstandingPieces();
            send.acknowledged(bytes.chunk());
            countOutstanding(send, before, pieces);
            streams.retireIfOver(bytes.flow());
        } else if (item instanceof Sent.StreamControl sent) {
            controlSettled(sent.flow(), sent.control());
        }
    }

    private void controlSettled(Flow flow, Control control) {
        if (control.isEssential()) {
            flow.essentialsOut--;
            flow.delivered(control);
        }
        switch (control) {
            case OPEN -> {
                flow.openAcknowledged = true;
                flow.openPath = Flow.NO_PATH;
                stir();
            }
            case REJECT, RESET -> flow.stream.send().resetAcknowledged();
            default -> {}
        }
        streams.retireIfOver(flow);
    }

    /** The path that carried it is gone without having acknowledged it. */
    void lost(Sent item, long now) {
        if (item instanceof Sent.StreamBytes bytes) {
            SendHalf send = bytes.flow().stream.send();
            int before = send.outstandingBytes();
            int pieces = send.outstandingPieces();
            send.lost(bytes.chunk());
            countOutstanding(send, before, pieces);
            activate(bytes.flow(), now);
        } else if (item instanceof Sent.StreamControl sent) {
            if (sent.control().isEssential()) {
                sent.flow().essentialsOut--;
            }
            want(sent.flow(), sent.control());
            streams.retireIfOver(sent.flow());
        } else {
            repeat(item, now);
        }
    }

    /** The path that carried it is slow to answer: it is sent again elsewhere as well. */
    void repeat(Sent item, long now) {
        if (item instanceof Sent.StreamBytes bytes) {
            bytes.flow().stream.send().repeat(bytes.chunk());
            activate(bytes.flow(), now);
        } else if (item instanceof Sent.StreamControl sent) {
            want(sent.flow(), sent.control());
        } else if (item instanceof Sent.SessionLimit limit) {
            wantLimit(limit.limit());
        } else if (item instanceof Sent.Whole frame) {
            wantFrame(frame.frame());
        }
    }

    /** The half has changed: what it has out counts for the session too. */
    private void countOutstanding(SendHalf send, int bytesBefore, int piecesBefore) {
        outstandingBytes += send.outstandingBytes() - bytesBefore;
        outstandingPieces += send.outstandingPieces() - piecesBefore;
    }
}

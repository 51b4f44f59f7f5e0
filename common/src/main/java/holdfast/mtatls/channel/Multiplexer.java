package holdfast.mtatls.channel;

import holdfast.mtatls.message.Acknowledgment;
import holdfast.mtatls.message.ChannelCloseConfirmation;
import holdfast.mtatls.message.ChannelCloseRequest;
import holdfast.mtatls.message.ChannelEstablishmentRequest;
import holdfast.mtatls.message.ChannelEstablishmentSuccess;
import holdfast.mtatls.message.ChannelId;
import holdfast.mtatls.message.ChannelRequestEchec;
import holdfast.mtatls.message.Message;
import holdfast.mtatls.message.MtaTlsPlaintext;
import holdfast.mtatls.message.NewMaxPacketLength;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import holdfast.protocol.Role;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All channels of one connection. Messages go in by {@link #handle}; events and messages come out by {@link #pollEvent} and {@link #fill}, and are to be polled
 * after every input and command.
 */
public final class Multiplexer {
    /** The longest data message we take at first; {@value MtaTlsPlaintext#MAX_BYTES} once a channel moves much. */
    static final int FIRST_MAX_PACKET = 8_192;

    private static final long LARGEST_WINDOW = 0xffff_ffffL;
    private static final long GROWTH_BYTES = 32L << 20;
    private static final int MAX_WAITING_ANSWERS = 16 * ChannelTable.MAX_CHANNELS;

    private final ChannelTable table;
    private final Allowance allowance = new Allowance(GROWTH_BYTES);
    private final ArrayDeque<ChannelEvent> events = new ArrayDeque<>();
    private final ArrayDeque<Message> control = new ArrayDeque<>();
    private final ArrayDeque<MtaChannel> ready = new ArrayDeque<>();

    public Multiplexer(Role role) {
        table = new ChannelTable(role);
    }

    // Commands.

    /** Asks the other end for a channel. Returns null where there are {@value ChannelTable#MAX_CHANNELS} already. */
    public @Nullable MtaChannel open(Destination destination) {
        MtaChannel channel = table.add(true, FIRST_MAX_PACKET, allowance);
        if (channel != null) {
            control.add(new ChannelEstablishmentRequest(
                    channel.own,
                    ReceiveWindow.FIRST_BYTES,
                    FIRST_MAX_PACKET,
                    "",
                    0,
                    AddressText.hostOf(destination),
                    destination.port()));
        }
        return channel;
    }

    /** Grants what the other end asked for. */
    public void accept(MtaChannel channel) {
        if (channel.state == MtaChannel.State.ASKING) {
            channel.state = MtaChannel.State.OPEN;
            control.add(new ChannelEstablishmentSuccess(channel.id(), ReceiveWindow.FIRST_BYTES, FIRST_MAX_PACKET));
            makeReady(channel);
        }
    }

    /** Refuses what the other end asked for. */
    public void reject(MtaChannel channel, ErrorCode code, String text) {
        if (channel.state == MtaChannel.State.ASKING) {
            control.add(new ChannelRequestEchec(channel.peer, ReplyCode.write(code, text)));
            forget(channel);
        }
    }

    /** Takes ownership. */
    public void write(MtaChannel channel, ByteBuf data) {
        if (channel.finishing || channel.abandoned || isClosed(channel) || !data.isReadable()) {
            data.release();
            return;
        }
        channel.unsent.add(data);
        channel.unsentBytes += data.readableBytes();
        channel.unwritable |= channel.unsentBytes >= MtaChannel.HIGH_WATER_BYTES;
        makeReady(channel);
    }

    public boolean isWritable(MtaChannel channel) {
        return !channel.unwritable && !channel.finishing && !channel.abandoned && !isClosed(channel);
    }

    /** Closes the channel, both ways, behind everything that was written. */
    public void finish(MtaChannel channel) {
        channel.finishing = true;
        makeReady(channel);
    }

    /** Closes the channel at once. */
    public void reset(MtaChannel channel) {
        channel.abandoned = true;
        channel.dropUnsent();
        channel.dropUnread();
        switch (channel.state) {
            case ASKING -> reject(channel, ErrorCode.GENERAL_FAILURE, "given up");
            case OPEN -> close(channel);
            case ASKED, CLOSING, OVER -> {}
        }
    }

    /** Wants nothing more of what the other end sends. */
    public void stop(MtaChannel channel) {
        channel.discarding = true;
        giveBack(channel, channel.dropUnread());
    }

    /** The next bytes, gives ownership; null where there are none now. */
    public @Nullable ByteBuf read(MtaChannel channel) {
        return channel.read();
    }

    /** Bytes that were read have left for the local socket. */
    public void consumed(MtaChannel channel, int bytes) {
        channel.unconsumed -= bytes;
        giveBack(channel, bytes);
        tellReset(channel);
    }

    public boolean isEndOfStream(MtaChannel channel) {
        return channel.ended && channel.unread.isEmpty();
    }

    /** How many channels are asked for or open. */
    public int count() {
        return table.count();
    }

    /** The connection is over: every channel is. What was read in full before its end stays readable. */
    public List<MtaChannel> end() {
        List<MtaChannel> ended = new ArrayList<>(table.all());
        for (MtaChannel each : ended) {
            boolean silent = each.abandoned;
            forget(each);
            each.dropUnread();
            if (!silent) {
                events.add(new ChannelEvent.Reset(each, ErrorCode.PATH_LOST));
            }
        }
        control.clear();
        ready.clear();
        return ended;
    }

    // What the other end says.

    /**
     * Takes ownership of the message.
     *
     * @throws ProtocolException where the connection has to end
     */
    public void handle(Message message) throws ProtocolException {
        if (message instanceof MtaTlsPlaintext data) {
            handleData(data);
        } else if (message instanceof Acknowledgment more) {
            handleMore(more);
        } else if (message instanceof ChannelEstablishmentRequest request) {
            handleRequest(request);
        } else if (message instanceof ChannelEstablishmentSuccess success) {
            handleSuccess(success);
        } else if (message instanceof ChannelRequestEchec refusal) {
            handleRefusal(refusal);
        } else if (message instanceof ChannelCloseRequest close) {
            handleClose(close.id());
        } else if (message instanceof ChannelCloseConfirmation confirmation) {
            handleConfirmation(confirmation.id());
        } else if (message instanceof NewMaxPacketLength length) {
            MtaChannel channel = table.find(length.id());
            if (channel != null) {
                channel.sendMaxPacket = length.maxPacket();
                makeReady(channel);
            }
        }
    }

    private void handleRequest(ChannelEstablishmentRequest request) throws ProtocolException {
        if (table.isPeerHalfTaken(request.sender())) {
            throw violation("channel half " + request.sender() + " is asked for a second time");
        }
        Destination destination;
        try {
            table.requirePeerHalf(request.sender());
            destination = AddressText.parse(request.destination(), request.destinationPort());
        } catch (IllegalArgumentException e) {
            refuse(request, ErrorCode.ADDRESS_NOT_SUPPORTED, String.valueOf(e.getMessage()));
            return;
        }
        MtaChannel channel = table.add(false, FIRST_MAX_PACKET, allowance);
        if (channel == null) {
            refuse(request, ErrorCode.GENERAL_FAILURE, "there are " + ChannelTable.MAX_CHANNELS + " channels already");
            return;
        }
        table.join(channel, request.sender());
        channel.sendWindow = request.window();
        channel.sendMaxPacket = request.maxPacket();
        events.add(new ChannelEvent.Requested(channel, destination));
    }

    private void refuse(ChannelEstablishmentRequest request, ErrorCode code, String text) {
        control.add(new ChannelRequestEchec(request.sender(), ReplyCode.write(code, text)));
    }

    private void handleSuccess(ChannelEstablishmentSuccess success) throws ProtocolException {
        MtaChannel channel = asked(success.id().sender());
        if (table.isPeerHalfTaken(success.id().receiver())) {
            throw violation("channel half " + success.id().receiver() + " is granted a second time");
        }
        table.join(channel, success.id().receiver());
        channel.state = MtaChannel.State.OPEN;
        channel.sendWindow = success.window();
        channel.sendMaxPacket = success.maxPacket();
        if (channel.abandoned) {
            close(channel);
            return;
        }
        events.add(new ChannelEvent.Accepted(channel));
        makeReady(channel);
    }

    private void handleRefusal(ChannelRequestEchec refusal) throws ProtocolException {
        MtaChannel channel = asked(refusal.sender());
        boolean silent = channel.abandoned;
        forget(channel);
        if (!silent) {
            events.add(new ChannelEvent.Rejected(channel, ReplyCode.codeIn(refusal.error()), refusal.error()));
        }
    }

    private MtaChannel asked(int half) throws ProtocolException {
        MtaChannel channel = table.own(half);
        if (channel == null || channel.state != MtaChannel.State.ASKED) {
            throw violation("an answer for channel half " + half + ", which waits for none");
        }
        return channel;
    }

    private void handleData(MtaTlsPlaintext message) throws ProtocolException {
        ByteBuf data = message.data();
        int bytes = data.readableBytes();
        MtaChannel channel = table.find(message.id());
        if (channel == null || channel.state == MtaChannel.State.CLOSING) {
            data.release();
            if (channel == null) {
                throw violation("data for channel " + message.id() + ", which is not open");
            }
            channel.lostSome = true;
        } else if (bytes > channel.maxPacket || !channel.receive.arrived(bytes)) {
            data.release();
            closeForError(channel);
        } else if (channel.discarding || bytes == 0) {
            data.release();
            giveBack(channel, bytes);
        } else {
            channel.unread.add(data);
            channel.unconsumed += bytes;
            events.add(new ChannelEvent.Arrived(channel));
        }
    }

    private void handleMore(Acknowledgment more) {
        MtaChannel channel = table.find(more.id());
        if (channel == null || channel.state != MtaChannel.State.OPEN) {
            return;
        }
        if (channel.sendWindow + more.freeSpace() > LARGEST_WINDOW) {
            closeForError(channel);
        } else {
            channel.sendWindow += more.freeSpace();
            makeReady(channel);
        }
    }

    private void handleClose(ChannelId id) {
        MtaChannel channel = table.find(id);
        if (channel == null) {
            return;
        }
        control.add(new ChannelCloseConfirmation(id));
        // Had we closed before and thrown something away since, the end would not be the end of everything.
        channel.ended |= !channel.lostSome;
        if (channel.state == MtaChannel.State.CLOSING) {
            events.add(new ChannelEvent.Arrived(channel));
            return;
        }
        forget(channel);
        events.add(new ChannelEvent.Stopped(channel));
        events.add(new ChannelEvent.Arrived(channel));
    }

    private void handleConfirmation(ChannelId id) {
        MtaChannel channel = table.find(id);
        if (channel != null && channel.state == MtaChannel.State.CLOSING) {
            forget(channel);
            channel.confirmed = true;
            tellReset(channel);
        }
    }

    /** Of a channel that we closed: once all that came in time has been delivered, that its incoming half has no proper end. */
    private void tellReset(MtaChannel channel) {
        if (channel.confirmed && !channel.ended && !channel.abandoned && channel.unconsumed == 0) {
            channel.abandoned = true;
            events.add(new ChannelEvent.Reset(channel, ErrorCode.CONNECTION_RESET));
        }
    }

    private void closeForError(MtaChannel channel) {
        channel.abandoned = true;
        channel.dropUnsent();
        channel.dropUnread();
        close(channel);
        events.add(new ChannelEvent.Reset(channel, ErrorCode.FLOW_CONTROL_VIOLATION));
    }

    private void close(MtaChannel channel) {
        channel.state = MtaChannel.State.CLOSING;
        control.add(new ChannelCloseRequest(channel.id()));
    }

    private void forget(MtaChannel channel) {
        table.remove(channel);
        channel.state = MtaChannel.State.OVER;
        channel.dropUnsent();
        channel.receive.close();
    }

    private void giveBack(MtaChannel channel, int bytes) {
        if (channel.state != MtaChannel.State.OPEN) {
            return;
        }
        boolean grownBefore = channel.receive.hasGrown();
        channel.receive.consumed(bytes);
        long increase = channel.receive.takeIncrease();
        if (increase > 0) {
            control.add(new Acknowledgment(channel.id(), increase));
            if (!grownBefore && channel.receive.hasGrown()) {
                channel.maxPacket = MtaTlsPlaintext.MAX_BYTES;
                control.add(new NewMaxPacketLength(channel.id(), channel.maxPacket));
            }
        }
    }

    private static ProtocolException violation(String text) {
        return ProtocolException.session(ErrorCode.PROTOCOL_VIOLATION, text);
    }

    private static boolean isClosed(MtaChannel channel) {
        return channel.state == MtaChannel.State.CLOSING || channel.state == MtaChannel.State.OVER;
    }

    // What wants to leave.

    public @Nullable ChannelEvent pollEvent() {
        return events.poll();
    }

    public boolean hasEvent() {
        return !events.isEmpty();
    }

    /** Whether the other end makes us answer without taking the answers. */
    public boolean isFlooded() {
        return control.size() > MAX_WAITING_ANSWERS;
    }

    /**
     * Appends messages to {@code out}, which it borrows: all answers first, then data, channel by channel in turn.
     *
     * @param limit with how many bytes in it the buffer counts as full; it may come out larger by one message
     * @return whether data may be left over
     */
    public boolean fill(ByteBuf out, int limit) {
        for (Message each = control.poll(); each != null; each = control.poll()) {
            each.write(out);
        }
        while (out.readableBytes() < limit) {
            MtaChannel next = ready.poll();
            if (next == null) {
                break;
            }
            next.queued = false;
            sendFrom(next, out);
        }
        for (Message each = control.poll(); each != null; each = control.poll()) {
            each.write(out);
        }
        return !ready.isEmpty();
    }

    private void sendFrom(MtaChannel channel, ByteBuf out) {
        int bytes = channel.sendable();
        if (bytes > 0) {
            MtaTlsPlaintext.head(out, channel.id(), bytes);
            channel.moveTo(out, bytes);
            if (channel.unwritable && channel.unsentBytes < MtaChannel.LOW_WATER_BYTES) {
                channel.unwritable = false;
                events.add(new ChannelEvent.Writable(channel));
            }
        }
        if (channel.isCloseDue()) {
            channel.state = MtaChannel.State.CLOSING;
            new ChannelCloseRequest(channel.id()).write(out);
        } else {
            makeReady(channel);
        }
    }

    private void makeReady(MtaChannel channel) {
        if (!channel.queued && (channel.sendable() > 0 || channel.isCloseDue())) {
            channel.queued = true;
            ready.add(channel);
        }
    }
}

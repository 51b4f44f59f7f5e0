package holdfast.frame;

import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of one path into frames. The payload of a DATA frame is handed on in pieces as it arrives, each a DATA frame of its own with the
 * right offset, so that a large frame on a slow path delays nothing; any other frame is handed on when it is whole.
 *
 * <p>Memory: what has arrived of one frame that is not DATA, at most {@link Frame#MAX_LENGTH}, never what a length field merely promises.
 */
public final class FrameDecoder {
    private static final int DATA_FIELDS_MAX = 16;

    private final ByteBufAllocator allocator;

    /** Bytes of a header, of DATA's integers or of a whole small frame that are split over reads. */
    private @Nullable ByteBuf pending;

    private boolean inPayload;
    private long stream;
    private long offset;
    private boolean fin;
    private int payloadLeft;

    public FrameDecoder(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /**
     * The next frame, or null when {@code in} is used up. Borrows {@code in}, moves its reader index; a frame's payload is a retained slice of it.
     *
     * @throws ProtocolException of session scope for a frame that PROTOCOL.md does not allow; the decoder is of no use afterwards
     */
    public @Nullable Frame decode(ByteBuf in) throws ProtocolException {
        while (true) {
            if (inPayload) {
                return payloadLeft > 0 && !in.isReadable() ? null : piece(in);
            }
            ByteBuf source = pending != null ? pending : in;
            if (source.readableBytes() < Frame.HEADER_LENGTH) {
                if (!keep(in, Frame.HEADER_LENGTH)) {
                    return null;
                }
                continue;
            }
            int header = source.getInt(source.readerIndex());
            int bodyLength = header >>> 8;
            int code = header & 0xff;
            FrameType type = FrameType.of(code);
            boolean data = type == FrameType.DATA || type == FrameType.DATA_FIN;
            int most = data ? Data.LONGEST_BODY : Frame.MAX_BODY_LENGTH;
            if (bodyLength > most) {
                throw malformed("frame of type " + code + " with a body of " + bodyLength + " bytes: at most " + most);
            }
            int wanted = data ? dataHeaderLength(source, bodyLength) : Frame.HEADER_LENGTH + bodyLength;
            if (source.readableBytes() < wanted) {
                if (!keep(in, wanted)) {
                    return null;
                }
                continue;
            }
            if (data) {
                startPayload(source, bodyLength, type == FrameType.DATA_FIN);
                forgetPending();
                continue;
            }
            source.skipBytes(Frame.HEADER_LENGTH);
            Frame frame = body(type, code, source.readSlice(bodyLength));
            forgetPending();
            if (frame != null) {
                return frame;
            }
        }
    }

    /** Gives back what is held of an unfinished frame. */
    public void close() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }

    private Frame piece(ByteBuf in) {
        int length = Math.min(payloadLeft, in.readableBytes());
        payloadLeft -= length;
        boolean last = payloadLeft == 0;
        Data piece = new Data(stream, offset, fin && last, in.readRetainedSlice(length));
        offset += length;
        inPayload = !last;
        return piece;
    }

    /** Header plus the two integers, as far as their lengths are known from the bytes that have arrived. */
    private static int dataHeaderLength(ByteBuf source, int bodyLength) {
        int at = source.readerIndex() + Frame.HEADER_LENGTH;
        int limit = Math.min(DATA_FIELDS_MAX, bodyLength);
        int have = source.readableBytes() - Frame.HEADER_LENGTH;
        int first = have > 0 ? VarInt.lengthOf(source.getByte(at)) : 1;
        int second = have > first ? VarInt.lengthOf(source.getByte(at + first)) : 1;
        return Frame.HEADER_LENGTH + Math.min(first + second, limit);
    }

    private void startPayload(ByteBuf source, int bodyLength, boolean isFin) throws ProtocolException {
        int start = source.readerIndex() + Frame.HEADER_LENGTH;
        source.readerIndex(start);
        stream = VarInt.read(source);
        offset = VarInt.read(source);
        int length = bodyLength - (source.readerIndex() - start);
        if (length < 0) {
            throw malformed("frame body ends inside an integer");
        }
        Data.requireOffsets(offset, length);
        fin = isFin;
        payloadLeft = length;
        inPayload = true;
    }

    private static @Nullable Frame body(@Nullable FrameType type, int code, ByteBuf in) throws ProtocolException {
        if (type == null) {
            if (FrameType.isExtension(code)) {
                return null;
            }
            throw malformed("frame type 0x" + Integer.toHexString(code) + " is not known");
        }
        Frame frame = switch (type) {
            case PADDING -> new Padding(in.readableBytes());
            case PING -> Ping.read(in);
            case PONG -> Pong.read(in);
            case PATH_ACK -> PathAck.read(in);
            case HELLO -> Hello.read(in);
            case HELLO_OK -> HelloOk.read(in);
            case JOIN -> Join.read(in);
            case JOIN_OK -> JoinOk.read(in);
            case ENROL -> Enrol.read(in);
            case ENROL_OK -> EnrolOk.read(in);
            case REFUSED -> Refused.read(in);
            case OPEN -> Open.read(in);
            case ACCEPT -> Accept.read(in);
            case REJECT -> Reject.read(in);
            case DATA, DATA_FIN -> throw new IllegalStateException("DATA is decoded piece by piece");
            case RESET -> Reset.read(in);
            case STOP -> Stop.read(in);
            case MAX_STREAM_DATA -> MaxStreamData.read(in);
            case MAX_DATA -> MaxData.read(in);
            case MAX_STREAMS -> MaxStreams.read(in);
            case BLOCKED -> Blocked.read(in);
            case PRIORITY -> Priority.read(in);
            case DATAGRAM -> Datagram.read(in);
            case ADD_ADDRESS -> AddAddress.read(in);
            case REMOVE_ADDRESS -> RemoveAddress.read(in);
            case NEXT_KEY -> NextKey.read(in);
            case PATH_STATUS -> PathStatus.read(in);
            case PATH_CLOSE -> PathClose.read(in);
            case GOAWAY -> GoAway.read(in);
            case SESSION_CLOSE -> SessionClose.read(in);
            case CONDITIONS -> Conditions.read(in);
            case AGREED -> Agreed.read(in);
        };
        if (in.isReadable() && type != FrameType.PADDING) {
            int rest = in.readableBytes();
            frame.release();
            throw malformed(type + " with " + rest + " bytes behind its last field");
        }
        return frame;
    }

    /**
     * Moves bytes from {@code in} behind those kept, so that a frame that is split over reads stands in one place. Returns whether it has as many as
     * are wanted now.
     */
    private boolean keep(ByteBuf in, int wanted) {
        if (!in.isReadable()) {
            return false;
        }
        if (pending == null) {
            pending = allocator.buffer(Math.max(64, Math.min(wanted, in.readableBytes())), Frame.MAX_LENGTH);
        }
        int missing = wanted - pending.readableBytes();
        pending.writeBytes(in, Math.min(missing, in.readableBytes()));
        return pending.readableBytes() >= wanted;
    }

    private void forgetPending() {
        if (pending != null && !pending.isReadable()) {
            pending.release();
            pending = null;
        }
    }

    private static ProtocolException malformed(String message) {
        return ProtocolException.session(ErrorCode.FRAME_MALFORMED, message);
    }
}

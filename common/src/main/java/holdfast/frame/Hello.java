package holdfast.frame;

import holdfast.protocol.ProtocolException;
import holdfast.protocol.SessionId;
import holdfast.protocol.SessionRandom;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts a session, or reaches again the one that an earlier HELLO with the same random bytes started: a HELLO whose answer was lost is repeated
 * on another path without making a second session.
 *
 * @param versions protocol versions the client speaks
 * @param random 32 bytes, new for each session
 * @param path this path's id
 * @param previous a session of this client that has lost its programs and is to be ended
 * @param parameters the client's limits
 */
public record Hello(
        List<Long> versions, SessionRandom random, long path, Optional<SessionId> previous, Parameters parameters)
        implements Frame {
    @Override
    public FrameType type() {
        return FrameType.HELLO;
    }

    @Override
    public int bodyLength() {
        int length = VarInt.length(versions.size());
        for (long each : versions) {
            length += VarInt.length(each);
        }
        return length
                + SessionRandom.LENGTH
                + VarInt.length(path)
                + 1
                + (previous.isPresent() ? SessionId.LENGTH : 0)
                + parameters.length();
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, versions.size());
        for (long each : versions) {
            VarInt.write(out, each);
        }
        out.writeBytes(random.toBytes());
        VarInt.write(out, path);
        out.writeByte(previous.isPresent() ? 1 : 0);
        previous.ifPresent(id -> out.writeBytes(id.toBytes()));
        parameters.write(out);
    }

    /** Borrows {@code in}. */
    static Hello read(ByteBuf in) throws ProtocolException {
        int count = Fields.readLength(in, Fields.MAX_LIST, "version count");
        List<Long> versions = new ArrayList<>(Math.min(count, 16));
        for (int i = 0; i < count; i++) {
            versions.add(VarInt.read(in));
        }
        SessionRandom random = SessionRandom.of(Fields.readBytes(in, SessionRandom.LENGTH));
        long path = VarInt.read(in);
        boolean hasPrevious = Fields.readBytes(in, 1)[0] != 0;
        Optional<SessionId> previous =
                hasPrevious ? Optional.of(SessionId.of(Fields.readBytes(in, SessionId.LENGTH))) : Optional.empty();
        return new Hello(List.copyOf(versions), random, path, previous, Parameters.read(in));
    }
}

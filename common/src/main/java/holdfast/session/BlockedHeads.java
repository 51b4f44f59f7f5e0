package holdfast.session;

import holdfast.frame.Data;
import holdfast.path.Path;
import holdfast.path.ReplayLog;
import holdfast.stream.Chunk;
import org.jspecify.annotations.Nullable;

/**
 * What waits on one path for so long that the streams stand still behind it, though another path would have brought it meanwhile: it is sent there as
 * well, within a small share of all that is sent (PROTOCOL.md section 7). Times in nanoseconds.
 */
final class BlockedHeads {
    /** One byte in so many may be sent for the second time: 5 %. */
    private static final long SHARE = 20;

    /** Bytes that may be sent again before much was sent, and after a long time in which all went well. */
    private static final long FIRST = 16 * 1024;

    private static final long MOST = 1024 * 1024;

    /** How far behind the head of a path's log is looked for something that was not sent again yet. */
    private static final int LOOKS = 64;

    /** What acknowledgements and queues may take besides. */
    private static final long SLACK = 50_000_000;

    /** In bytes, multiplied by {@link #SHARE}. */
    private long allowance = FIRST * SHARE;

    /** Bytes of streams were sent for the first time. */
    void sent(int bytes) {
        allowance = Math.min(MOST * SHARE, allowance + bytes);
    }

    /** What another path keeps waiting and the lane's should carry now, or null. */
    @Nullable Outgoing poll(Lane lane, long now) {
        if (allowance <= 0 || lane.isOnlyChoice() || lane.isFull()) {
            return null;
        }
        for (Path<Sent> each : lane.others()) {
            Outgoing found = poll(each.log(), now - lane.overdue(each) - SLACK, lane);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** @param before what was sent later than this is not late yet */
    private @Nullable Outgoing poll(ReplayLog<Sent> log, long before, Lane lane) {
        int end = Math.min(LOOKS, log.size());
        for (int i = 0; i < end && log.sentAt(i) < before; i++) {
            if (log.get(i) instanceof Sent.StreamBytes bytes
                    && lane.mayFollow(bytes.flow())
                    && bytes.flow().stream.send().copy(bytes.chunk())) {
                Chunk chunk = bytes.chunk();
                allowance -= chunk.length() * SHARE;
                lane.countRepeated(chunk.length());
                Data frame = new Data(
                        bytes.flow().id(),
                        chunk.offset(),
                        chunk.fin(),
                        chunk.data().retainedDuplicate());
                return new Outgoing(frame, bytes);
            }
        }
        return null;
    }
}

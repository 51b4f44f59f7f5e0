package holdfast.path;

import holdfast.linkmodel.Bottleneck;
import holdfast.linkmodel.Clockwork;
import holdfast.linkmodel.TcpModel;
import java.util.ArrayDeque;

/** An end that has always more to send and keeps to an {@link InFlightLimit}, with a peer that acknowledges as PROTOCOL.md section 4.2 says. */
final class LimitedSender extends TcpModel {
    private static final long MILLIS = 1_000_000;
    private static final int ROOM = 16 * 1024;

    private record Frame(long end, long sentAt, int bytes) {}

    final InFlightLimit limit = new InFlightLimit();
    private final Bottleneck link;
    private final ArrayDeque<Frame> log = new ArrayDeque<>();

    private long sent;
    private long acknowledged;

    private long received;
    private long announced;
    private long receivedAt;
    private long unannouncedSince = -1;

    LimitedSender(Clockwork clock, Bottleneck link) {
        super(clock, link);
        this.link = link;
        limit.sample(2 * link.delay(), 12, clock.now());
    }

    /** What the path carries in 5 ms. */
    private int frameBytes() {
        return limit.rate() == 0 ? 16_000 : (int) Math.max(1200, Math.min(16_000, limit.rate() * 0.0025));
    }

    @Override
    public void onRoom() {
        while (unsent() < ROOM) {
            if (sent - acknowledged >= limit.bytes()) {
                limit.heldBack();
                return;
            }
            int bytes = frameBytes();
            sent += bytes;
            log.add(new Frame(sent, clock.now(), bytes));
            write(bytes);
        }
        limit.refused();
    }

    @Override
    public void onHandedOn(long total) {
        received = total;
        receivedAt = clock.now();
        if (unannouncedSince < 0) {
            unannouncedSince = clock.now();
            long since = unannouncedSince;
            clock.in(10 * MILLIS, () -> {
                if (unannouncedSince == since) {
                    announce();
                }
            });
        } else if (received - announced >= 16 * 1024 && clock.now() - unannouncedSince >= 2 * MILLIS) {
            announce();
        }
    }

    private void announce() {
        long count = received;
        long hold = clock.now() - receivedAt;
        announced = received;
        unannouncedSince = -1;
        clock.in(link.delay(), () -> heard(count, hold));
    }

    private void heard(long count, long hold) {
        if (count <= acknowledged) {
            return;
        }
        acknowledged = count;
        Frame newest = null;
        while (!log.isEmpty() && log.element().end <= count) {
            newest = log.remove();
        }
        if (newest != null) {
            limit.sample(clock.now() - newest.sentAt - hold, newest.bytes, clock.now());
        }
        limit.acknowledged(sent, acknowledged, clock.now());
        onRoom();
    }
}

package holdfast.mtatls.channel;

import holdfast.mtatls.message.ChannelId;
import holdfast.protocol.Role;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The open channels by our half of their identifiers; knows which halves are taken. Client halves are even, gateway halves odd. */
final class ChannelTable {
    static final int MAX_CHANNELS = 4_096;

    private static final int HALVES = 0x1_0000;

    private final Role role;
    private final Map<Integer, MtaChannel> byOwn = new HashMap<>();
    private final Set<Integer> peerHalves = new HashSet<>();
    private int next;

    ChannelTable(Role role) {
        this.role = role;
        this.next = parity(role);
    }

    /** A channel with a half that no open one has, taken in turn; null where there are too many. */
    @Nullable MtaChannel add(boolean requestedHere, int maxPacket, Allowance allowance) {
        if (byOwn.size() >= MAX_CHANNELS) {
            return null;
        }
        while (byOwn.containsKey(next)) {
            next = (next + 2) % HALVES;
        }
        MtaChannel channel = new MtaChannel(next, requestedHere, maxPacket, allowance);
        byOwn.put(next, channel);
        next = (next + 2) % HALVES;
        return channel;
    }

    /** Notes the other end's half. */
    void join(MtaChannel channel, int peerHalf) {
        channel.peer = peerHalf;
        peerHalves.add(peerHalf);
    }

    void remove(MtaChannel channel) {
        if (byOwn.remove(channel.own, channel) && channel.state != MtaChannel.State.ASKED) {
            peerHalves.remove(channel.peer);
        }
    }

    boolean isPeerHalfTaken(int half) {
        return peerHalves.contains(half);
    }

    /**
     * Refuses a half that is the other end's not to give.
     *
     * @throws IllegalArgumentException that says so
     */
    void requirePeerHalf(int half) {
        if (half % 2 != parity(role.peer())) {
            throw new IllegalArgumentException("channel half " + half + " is not "
                    + (role == Role.GATEWAY ? "even, as a client's" : "odd, as a gateway's") + " has to be");
        }
    }

    @Nullable MtaChannel own(int half) {
        return byOwn.get(half);
    }

    /** The channel that both ends have agreed on under this identifier. */
    @Nullable MtaChannel find(ChannelId id) {
        MtaChannel requested = byOwn.get(id.sender());
        if (isAgreed(requested, id)) {
            return requested;
        }
        MtaChannel granted = byOwn.get(id.receiver());
        return isAgreed(granted, id) ? granted : null;
    }

    Collection<MtaChannel> all() {
        return byOwn.values();
    }

    int count() {
        return byOwn.size();
    }

    private static boolean isAgreed(@Nullable MtaChannel channel, ChannelId id) {
        return channel != null
                && (channel.state == MtaChannel.State.OPEN || channel.state == MtaChannel.State.CLOSING)
                && channel.isIdentifiedBy(id);
    }

    private static int parity(Role role) {
        return role == Role.CLIENT ? 0 : 1;
    }
}

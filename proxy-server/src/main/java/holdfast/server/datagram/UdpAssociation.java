package holdfast.server.datagram;

import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.StreamKind;
import holdfast.server.audit.StreamEntry;
import holdfast.server.budget.SessionBudget;
import holdfast.server.destination.AddressCheck;
import holdfast.server.destination.Refusal;
import holdfast.server.policy.Grants;
import holdfast.server.policy.Policy;
import holdfast.server.policy.Verdict;
import holdfast.transport.EmptyDatagram;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One association at the gateway: a socket of its own, open as long as its stream is. It sends where the policy lets it, and passes on what comes from
 * where it has sent to. Whatever cannot be sent at once is dropped; nothing is ever sent twice.
 */
final class UdpAssociation implements StreamListener, NameCache.Sender {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.datagram");

    private final SessionBudget session;
    private final StreamEntry entry;
    private final String user;
    private final StreamHandle stream;
    private final AddressCheck check;
    private final NameCache names;
    private final Grants grants;
    private final Contacts contacts = new Contacts();
    private @Nullable Channel socket;
    private Grants.@Nullable Grant grant;
    private boolean over;
    private long sent;
    private long answers;
    private long refused;
    private long foreign;
    private long dropped;

    UdpAssociation(
            SessionBudget session,
            StreamEntry entry,
            StreamHandle stream,
            AddressCheck check,
            NameCache names,
            Grants grants) {
        this.session = session;
        this.entry = entry;
        this.user = session.user().user();
        this.stream = stream;
        this.check = check;
        this.names = names;
        this.grants = grants;
    }

    /** What the socket's pipeline needs. */
    ChannelHandler socketSide() {
        return new SocketSide();
    }

    /** The socket is there. */
    void bound(Channel made) {
        if (over) {
            made.close();
            return;
        }
        socket = made;
        InetSocketAddress local = (InetSocketAddress) made.localAddress();
        entry.reached(local);
        stream.accept(new Destination.Ip(local.getAddress(), local.getPort()));
        grant = grants.hold(this::recheck, this::withdrawn);
    }

    /** Any thread. Whom the policy forbids now does not answer any more; where nobody is left, there is nothing to wait for. */
    private Verdict recheck(Policy policy) {
        return contacts.forgetForbidden(
                (name, at) -> policy.check(user, StreamKind.UDP, name, at.getAddress(), at.getPort()));
    }

    /** Any thread. */
    private void withdrawn(Verdict verdict) {
        stream.eventLoop().execute(() -> {
            if (!over) {
                LOG.atInfo()
                        .addKeyValue("stream", stream.id())
                        .addKeyValue("user", user)
                        .addKeyValue("destination", "datagrams")
                        .addKeyValue("reason", verdict.rule())
                        .log("stream.withdrawn");
                entry.over(ErrorCode.NOT_ALLOWED, verdict.rule());
                stream.reset(ErrorCode.NOT_ALLOWED);
                close();
            }
        });
    }

    /** There is none. */
    void fail(String reason) {
        if (!over) {
            entry.over(ErrorCode.GENERAL_FAILURE, reason);
            stream.reject(ErrorCode.GENERAL_FAILURE, reason);
            close();
        }
    }

    // Towards the network.

    @Override
    public void onDatagram(Destination to, ByteBuf bytes) {
        if (socket == null) {
            bytes.release();
            dropped++;
        } else if (to instanceof Destination.Ip ip) {
            send(null, ip.address(), ip.port(), bytes);
        } else if (to instanceof Destination.Name name) {
            names.send(name, bytes, this);
        } else {
            bytes.release();
            refused++;
        }
    }

    @Override
    public void send(@Nullable String name, InetAddress address, int port, ByteBuf bytes) {
        Channel out = socket;
        Verdict verdict = check.check(user, StreamKind.UDP, name, address, port);
        if (!verdict.allowed()) {
            bytes.release();
            refused(address.getHostAddress() + ":" + port, verdict.rule());
        } else if (out == null
                || !out.isWritable()
                || port == 0
                || isForMany(address)
                || !session.takeDatagram(bytes.readableBytes(), System.nanoTime())) {
            bytes.release();
            dropped++;
        } else {
            InetSocketAddress to = new InetSocketAddress(address, port);
            contacts.add(to, name);
            sent++;
            entry.sent(bytes.readableBytes());
            if (bytes.isReadable()) {
                out.writeAndFlush(new DatagramPacket(bytes, to), out.voidPromise());
            } else {
                bytes.release();
                sendEmpty(out, to);
            }
        }
    }

    private void sendEmpty(Channel out, InetSocketAddress to) {
        try {
            EmptyDatagram.send(out, to);
        } catch (IOException e) {
            dropped++;
        }
    }

    @Override
    public void refused(Destination.Name name, Refusal refusal) {
        refused(name.toString(), refusal.text());
    }

    /** Told once: the next thousand would not say more. */
    private void refused(String to, String reason) {
        if (refused++ == 0) {
            LOG.atInfo()
                    .addKeyValue("stream", stream.id())
                    .addKeyValue("user", user)
                    .addKeyValue("destination", to)
                    .addKeyValue("reason", reason)
                    .log("datagram.refused");
        }
    }

    /** Broadcast of a network is the policy's business: it is one of the gateway's own addresses. */
    private static boolean isForMany(InetAddress address) {
        return address.isMulticastAddress()
                || address.isAnyLocalAddress()
                || (address instanceof Inet4Address && (address.getAddress()[0] & 0xf0) == 0xf0);
    }

    // Towards the program.

    /** Borrows the packet. */
    private void received(DatagramPacket packet) {
        InetSocketAddress from = packet.sender();
        if (over || !contacts.contains(from)) {
            foreign++;
            return;
        }
        if (session.user().isQuotaUsedUp()) {
            dropped++;
            return;
        }
        int bytes = packet.content().readableBytes();
        session.chargeDown(bytes, System.nanoTime());
        boolean passedOn = stream.sendDatagram(
                new Destination.Ip(from.getAddress(), from.getPort()),
                packet.content().retain());
        if (passedOn) {
            answers++;
            entry.received(bytes);
        } else {
            dropped++;
        }
    }

    // The end.

    @Override
    public void onReadable() {
        for (ByteBuf bytes = stream.read(); bytes != null; bytes = stream.read()) {
            stream.consumed(bytes.readableBytes());
            bytes.release();
        }
        if (stream.isEndOfStream()) {
            stream.reset(ErrorCode.CANCELLED);
            close();
        }
    }

    @Override
    public void onWritable() {}

    @Override
    public void onStopped(ErrorCode code) {
        close();
    }

    @Override
    public void onReset(ErrorCode code) {
        close();
    }

    private void close() {
        if (over) {
            return;
        }
        over = true;
        if (grant != null) {
            grant.release();
        }
        session.giveStreamBack();
        entry.over(ErrorCode.NONE, "the association has ended");
        names.close();
        if (socket != null) {
            socket.close();
        }
        LOG.atDebug()
                .addKeyValue("stream", stream.id())
                .addKeyValue("user", user)
                .addKeyValue("sent", sent)
                .addKeyValue("answers", answers)
                .addKeyValue("refused", refused)
                .addKeyValue("foreign", foreign)
                .addKeyValue("dropped", dropped)
                .log("association.closed");
    }

    private final class SocketSide extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            received(packet);
        }

        /** A datagram that could not be sent, or an answer of the network about one: the next may fare better. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            dropped++;
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!over) {
                stream.reset(ErrorCode.GENERAL_FAILURE);
                close();
            }
        }
    }
}

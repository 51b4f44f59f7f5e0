package holdfast.client.socks;

import holdfast.client.opening.DoorPolicy;
import holdfast.client.opening.LastWords;
import holdfast.client.opening.RequestDeadline;
import holdfast.client.session.StreamOpener;
import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.StreamKind;
import holdfast.transport.DatagramSockets;
import holdfast.transport.SocketOptions;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program's UDP association (RFC 1928 section 7): a port of its own at the address that the program has connected to, a stream of kind UDP, and the
 * program's TCP connection, which has nothing more to say and whose end is the end of all three.
 *
 * <pre>
 *   BINDING --port bound--> OPENING --accepted: reply--> OPEN --TCP connection or stream over--> OVER
 *      |                       |
 *      +--no port--------------+--refused: reply--> OVER
 * </pre>
 */
final class UdpAssociation extends ChannelInboundHandlerAdapter implements StreamOpener.OpenCallback, StreamListener {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.datagram");

    /** The gateway chooses. */
    private static final Destination ANYWHERE = Destination.parse("0.0.0.0:0");

    private final Channel program;
    private final StreamOpener opener;
    private final ProgramAddress owner;
    private @Nullable Channel port;
    private @Nullable StreamHandle stream;
    private boolean replied;
    private boolean over;
    private long sent;
    private long answers;
    private long foreign;
    private long malformed;
    private long dropped;

    private UdpAssociation(Channel program, StreamOpener opener, ProgramAddress owner) {
        this.program = program;
        this.opener = opener;
        this.owner = owner;
    }

    /**
     * Starts an association for a connection. The caller's handlers are gone from the pipeline, or let everything pass.
     *
     * @param announced where the program said it would send from
     */
    static void begin(Channel program, DoorPolicy policy, Destination announced) {
        RequestDeadline.met(program);
        ProgramAddress owner = ProgramAddress.of(program.remoteAddress(), announced);
        UdpAssociation association = new UdpAssociation(program, policy.opener(), owner);
        program.pipeline().addLast(association);
        program.config().setAutoRead(true);
        InetAddress at = program.localAddress() instanceof InetSocketAddress tcp
                ? tcp.getAddress()
                : InetAddress.getLoopbackAddress();
        ChannelFuture binding =
                DatagramSockets.bind(program, new InetSocketAddress(at, 0), association.new PortHandler());
        binding.addListener(
                done -> program.eventLoop().execute(() -> association.bound(binding.channel(), done.cause())));
    }

    private void bound(Channel made, @Nullable Throwable failure) {
        if (failure != null) {
            fail(ErrorCode.GENERAL_FAILURE, "no port for datagrams: " + failure.getMessage());
        } else if (over) {
            made.close();
        } else {
            port = made;
            opener.open(OpenRequest.of(StreamKind.UDP, ANYWHERE), null, this);
        }
    }

    // The stream.

    @Override
    public void onStream(StreamHandle opened) {
        if (over) {
            opened.reset(ErrorCode.CANCELLED);
        } else {
            stream = opened;
            opened.listen(this);
        }
    }

    @Override
    public void onAccepted(Destination bound) {
        if (!over && port != null) {
            replied = true;
            InetSocketAddress local = (InetSocketAddress) port.localAddress();
            program.writeAndFlush(
                    Socks5Answer.INSTANCE.opened(new Destination.Ip(local.getAddress(), local.getPort())));
        }
    }

    @Override
    public void onRejected(ErrorCode code, String text) {
        fail(code, text);
    }

    @Override
    public void onUnavailable(ErrorCode code, String text) {
        fail(code, text);
    }

    @Override
    public void onReset(ErrorCode code) {
        fail(code, "the gateway gave this association up");
    }

    @Override
    public void onStopped(ErrorCode code) {
        // RESET follows.
    }

    @Override
    public void onReadable() {
        // Nothing comes on the stream itself.
    }

    @Override
    public void onWritable() {
        // Nothing is written to it.
    }

    /** An answer for the program. */
    @Override
    public void onDatagram(Destination from, ByteBuf bytes) {
        Channel out = port;
        if (over || out == null || !out.isWritable() || !owner.isKnown()) {
            dropped++;
        } else {
            answers++;
            ByteBuf packed = SocksDatagram.write(out.alloc(), from, bytes);
            out.writeAndFlush(new DatagramPacket(packed, owner.toSocketAddress()), out.voidPromise());
        }
        bytes.release();
    }

    // The port.

    /** Borrows the packet. */
    private void received(DatagramPacket packet) {
        if (over || stream == null || !owner.owns(packet.sender())) {
            foreign++;
            return;
        }
        Destination to = SocksDatagram.readHeader(packet.content());
        if (to == null) {
            malformed++;
        } else if (stream.sendDatagram(to, packet.content().retain())) {
            sent++;
        } else {
            dropped++;
        }
    }

    private final class PortHandler extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
            received(packet);
        }

        /** The program does not listen at its port now. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            dropped++;
        }
    }

    // The TCP connection.

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        finish();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    // The end.

    private void fail(ErrorCode code, String text) {
        if (over) {
            return;
        }
        finish();
        LOG.atDebug().addKeyValue("code", code).addKeyValue("reason", text).log("association.failed");
        if (replied) {
            SocketOptions.abort(program);
        } else {
            program.pipeline().remove(this);
            LastWords.send(program, Socks5Answer.INSTANCE.failed(code, text));
        }
    }

    private void finish() {
        if (over) {
            return;
        }
        over = true;
        if (port != null) {
            port.close();
        }
        if (stream != null) {
            stream.reset(ErrorCode.CANCELLED);
        }
        LOG.atDebug()
                .addKeyValue("sent", sent)
                .addKeyValue("answers", answers)
                .addKeyValue("foreign", foreign)
                .addKeyValue("malformed", malformed)
                .addKeyValue("dropped", dropped)
                .log("association.closed");
    }
}

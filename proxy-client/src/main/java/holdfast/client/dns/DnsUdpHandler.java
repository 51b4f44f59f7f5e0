package holdfast.client.dns;

import holdfast.dns.DnsAnswer;
import holdfast.dns.DnsQuery;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;

/** Questions in datagrams. One that cannot be read is told so, or dropped where it is no question at all; nobody else notices. */
final class DnsUdpHandler extends SimpleChannelInboundHandler<DatagramPacket> {
    private final DnsRelay relay;

    DnsUdpHandler(DnsRelay relay) {
        this.relay = relay;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
        byte[] message = ByteBufUtil.getBytes(packet.content());
        InetSocketAddress asker = packet.sender();
        DnsQuery query;
        try {
            query = DnsQuery.parse(message);
        } catch (IllegalArgumentException malformed) {
            if (DnsQuery.canBeAnswered(message)) {
                send(ctx, asker, DnsAnswer.malformed(message));
            }
            return;
        }
        relay.ask(query, answer -> send(ctx, asker, DnsAnswer.fitting(query, answer)));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // An asker that is gone (ICMP), or a datagram that cannot be sent: nobody else's matter.
    }

    private static void send(ChannelHandlerContext ctx, InetSocketAddress asker, byte[] answer) {
        ctx.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(answer), asker));
    }
}

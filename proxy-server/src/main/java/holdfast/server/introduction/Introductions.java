package holdfast.server.introduction;

import holdfast.driver.StreamHandle;
import holdfast.identity.ChannelBinding;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;

/** Introduces users to the destinations that are to know who connects. */
public final class Introductions {
    private final Supplier<List<IntroductionRule>> rules;

    /** @param rules those in force whenever they are asked for; the first that fits decides */
    public Introductions(Supplier<List<IntroductionRule>> rules) {
        this.rules = rules;
    }

    /** Writes the header, if there is to be one, to a socket that was just connected for a stream. Nothing else may have been written to it. */
    public void introduce(String user, StreamHandle stream, Channel socket) {
        List<IntroductionRule> inForce = rules.get();
        if (!inForce.isEmpty() && socket.remoteAddress() instanceof InetSocketAddress to) {
            for (IntroductionRule each : inForce) {
                if (each.covers(to.getAddress(), to.getPort())) {
                    socket.writeAndFlush(header(each.form(), user, stream, to));
                    return;
                }
            }
        }
    }

    private static ByteBuf header(IntroductionRule.Form form, String user, StreamHandle stream, InetSocketAddress to) {
        ProxyHeader header = new ProxyHeader(stream.peerAddress().orElse(null), to);
        return switch (form) {
            case V1 -> header.version1();
            case V2 -> header.version2(user, null);
            case V2_BINDING ->
                header.version2(
                        user, stream.binding().map(ChannelBinding::toBytes).orElse(null));
        };
    }
}

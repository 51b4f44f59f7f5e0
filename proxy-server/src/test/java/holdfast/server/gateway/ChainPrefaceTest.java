package holdfast.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.identity.Chain;
import holdfast.identity.Identity;
import holdfast.testing.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
final class ChainPrefaceTest {
    private static final byte[] TLS = {0x16, 3, 1, 0, 1, 1};
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ChainPreface preface = new ChainPreface();
    private final EmbeddedChannel channel = new EmbeddedChannel(preface);

    private byte[] passedOn() {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf each = channel.readInbound(); each != null; each = channel.readInbound()) {
            all.writeBytes(each);
            each.release();
        }
        byte[] bytes = new byte[all.readableBytes()];
        all.readBytes(bytes).release();
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 10_000})
    void theChainIsTakenOffAndTlsPassedOnHoweverTheyAreCut(int piece) {
        byte[] chain = Chain.NONE
                .through(Identity.create("relay", RANDOM), "gw:1", Instant.now(), RANDOM)
                .toBytes();
        byte[] all = Arrays.copyOf(chain, chain.length + TLS.length);
        System.arraycopy(TLS, 0, all, chain.length, TLS.length);

        for (int at = 0; at < all.length; at += piece) {
            channel.writeInbound(Unpooled.copiedBuffer(all, at, Math.min(piece, all.length - at)));
        }

        assertThat(preface.body()).isEqualTo(Arrays.copyOfRange(chain, Chain.HEAD_BYTES, chain.length));
        assertThat(passedOn()).isEqualTo(TLS);
        assertThat(channel.pipeline().get(ChainPreface.class)).isNull();
    }

    @Test
    void aConnectionThatStartsWithTlsIsLeftAlone() {
        channel.writeInbound(Unpooled.copiedBuffer(TLS));

        assertThat(preface.body()).isEmpty();
        assertThat(passedOn()).isEqualTo(TLS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK", "HFC1\u0000\u0000", "HFC1\uffff\uffff"})
    void whatIsNeitherIsClosed(String text) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) text.charAt(i);
        }

        channel.writeInbound(Unpooled.copiedBuffer(bytes));

        assertThat(channel.isOpen()).isFalse();
        assertThat(passedOn()).isEmpty();
    }
}

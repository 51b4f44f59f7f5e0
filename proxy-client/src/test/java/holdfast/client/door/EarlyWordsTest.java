package holdfast.client.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Only a SOCKS5 greeting and a request to connect, each alone, whole and in this order, pass before it is known whose they are. */
final class EarlyWordsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 050100, true",
        "0, 05020002, true",
        "1, 05010001 7f000001 0007, true",
        "1, 05010003 03 616263 0007, true",
        "1, 05010004 00000000000000000000000000000001 0007, true",
        "0, 05, false",
        "0, 0500, false",
        "0, 05010005, false",
        "0, 0401, false",
        "0, 474554202f, false",
        "1, 050100, false",
        "1, 05020001 7f000001 0007, false",
        "1, 05030001 7f000001 0007, false",
        "1, 05010002 7f000001 0007, false",
        "1, 05010001 7f000001 00, false",
        "1, 05010001 7f000001 0007 00, false",
        "1, 05010003 ff 616263 0007, false",
        "2, 050100, false",
        "2, 05010001 7f000001 0007, false",
    })
    void whatMayPass(int before, String words, boolean passes) {
        ByteBuf bytes = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(words.replace(" ", "")));

        assertThat(EarlyWords.mayPass(bytes, before)).isEqualTo(passes);

        bytes.release();
    }
}

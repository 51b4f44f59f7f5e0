package holdfast.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of questions and answers. */
final class DnsMessageTest {
    private static final String HEADER =
            "1234" + "0100" + "0001" + "0000" + "0000"; // id, RD, one question, no answer, no authority
    private static final String WEB_EXAMPLE = "03" + "576562" + "07" + "6578616d706c65" + "00"; // Web.example
    private static final String A = "0001" + "0001";
    private static final String AAAA = "001c" + "0001";
    private static final byte[] QUESTION = bytes(HEADER + "0000" + WEB_EXAMPLE + A);

    @Test
    void aQuestionIsReadWhole() {
        DnsQuery query = DnsQuery.parse(QUESTION);

        assertThat(query.name()).isEqualTo("web.example");
        assertThat(query.type()).isEqualTo(DnsQuery.A);
        assertThat(query.wantsAddresses()).isTrue();
        assertThat(query.udpLimit()).isEqualTo(512);
        assertThat(query.toBytes()).isEqualTo(QUESTION);
    }

    @Test
    void anAskerThatSaysSoTakesLongerAnswers() {
        String edns = "00" + "0029" + "04d0" + "00000000" + "0000"; // root, OPT, 1232 bytes
        DnsQuery query = DnsQuery.parse(bytes(HEADER + "0001" + WEB_EXAMPLE + A + edns));

        assertThat(query.udpLimit()).isEqualTo(1232);
    }

    @Test
    void theAnswerHasTheAddressesOfTheKindAskedFor() throws Exception {
        List<InetAddress> both = List.of(
                InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1}),
                InetAddress.getByAddress(bytes("20010db8000000000000000000000001")));

        assertThat(hex(DnsAnswer.addresses(DnsQuery.parse(QUESTION), both)))
                .isEqualTo("1234" + "8180" + "0001" + "0001" + "0000" + "0000" + WEB_EXAMPLE + A + "c00c" + A
                        + "0000001e" + "0004" + "c0000201");
        assertThat(hex(DnsAnswer.addresses(DnsQuery.parse(bytes(HEADER + "0000" + WEB_EXAMPLE + AAAA)), both)))
                .endsWith(AAAA + "c00c" + AAAA + "0000001e" + "0010" + "20010db8000000000000000000000001");
        assertThat(hex(DnsAnswer.addresses(DnsQuery.parse(QUESTION), List.of())))
                .isEqualTo("1234" + "8180" + "0001" + "0000" + "0000" + "0000" + WEB_EXAMPLE + A);
    }

    @Test
    void failuresHaveTheirCodes() {
        DnsQuery query = DnsQuery.parse(QUESTION);

        assertThat(hex(DnsAnswer.noSuchName(query))).startsWith("1234" + "8183" + "0001");
        assertThat(hex(DnsAnswer.failure(query))).startsWith("1234" + "8182" + "0001");
        assertThat(hex(DnsAnswer.malformed(QUESTION))).isEqualTo("1234" + "8181" + "0000" + "0000" + "0000" + "0000");
    }

    @Test
    void anAnswerThatIsTooLongForUdpSaysOnlyThat() {
        DnsQuery query = DnsQuery.parse(QUESTION);
        byte[] small = DnsAnswer.failure(query);

        assertThat(DnsAnswer.fitting(query, small)).isSameAs(small);
        assertThat(hex(DnsAnswer.fitting(query, Arrays.copyOf(small, 513))))
                .isEqualTo("1234" + "8382" + "0001" + "0000" + "0000" + "0000" + WEB_EXAMPLE + A);
    }

    @Test
    void aQuestionCutOffAnywhereIsRefused() {
        for (int length = 0; length < QUESTION.length; length++) {
            byte[] cut = Arrays.copyOf(QUESTION, length);
            assertThatThrownBy(() -> DnsQuery.parse(cut))
                    .as("%d bytes", length)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1234 8180 0001 0000 0000 0000 00 0001 0001", // an answer
                "1234 2100 0001 0000 0000 0000 00 0001 0001", // NOTIFY
                "1234 0100 0000 0000 0000 0000", // no question
                "1234 0100 0002 0000 0000 0000 00 0001 0001 00 0001 0001", // two
                "1234 0100 0001 0000 0000 0000 c00c 0001 0001", // a pointer
                "1234 0100 0001 0000 0000 0000 40 00 0001 0001", // a label of no known kind
                "1234 0100 0001 0000 0000 0000 03610062 00 0001 0001", // a NUL
                "1234 0100 0001 0000 0000 0000 03612e62 00 0001 0001", // a dot in a label
            })
    void whatIsNoQuestionIsRefused(String hex) {
        assertThatThrownBy(() -> DnsQuery.parse(bytes(hex.replace(" ", ""))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"3, true", "4, false"})
    void aNameHas255BytesAtMost(int labels, boolean legal) {
        String label = "3f" + "61".repeat(63);
        byte[] message = bytes(HEADER + "0000" + label.repeat(labels) + "00" + A);

        if (legal) {
            assertThat(DnsQuery.parse(message).name()).hasSize(labels * 64 - 1);
        } else {
            assertThatThrownBy(() -> DnsQuery.parse(message)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}

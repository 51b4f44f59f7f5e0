package holdfast.client.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ListenAddressTest {
    @ParameterizedTest
    @CsvSource({
        "1080, 127.0.0.1:1080, false",
        "0, 127.0.0.1:0, false",
        "65535, 127.0.0.1:65535, false",
        "localhost:1080, 127.0.0.1:1080, false",
        "LOCALHOST:1080, 127.0.0.1:1080, false",
        "127.0.0.1:1080, 127.0.0.1:1080, false",
        "127.8.9.10:1080, 127.8.9.10:1080, false",
        "[::1]:1080, '[::1]:1080', false",
        ":1080, 0.0.0.0:1080, true",
        "*:1080, 0.0.0.0:1080, true",
        "0.0.0.0:1080, 0.0.0.0:1080, true",
        "[::]:1080, '[::]:1080', true",
        "192.0.2.1:1080, 192.0.2.1:1080, true",
        "unix:/run/proxy.sock, unix:/run/proxy.sock, false",
        "/run/proxy.sock, unix:/run/proxy.sock, false",
    })
    void anAddressSaysWhereAndForWhom(String text, String address, boolean openToOthers) {
        ListenAddress parsed = ListenAddress.parse(text);

        assertThat(parsed).hasToString(address);
        assertThat(parsed.isOpenToOthers()).isEqualTo(openToOthers);
    }

    @Test
    void theDefaultIsPort1080OfThisMachineAlone() {
        assertThat(ListenAddress.DEFAULT).hasToString("127.0.0.1:1080");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "-1",
                "+1",
                "65536",
                "99999999999",
                "1080 ",
                "127.0.0.1",
                "127.0.0.1:",
                "127.0.0.1:x",
                "::1:1080",
                "[127.0.0.1]:1080",
                "[::1:1080",
                "proxy.example:1080",
                "256.0.0.1:1080"
            })
    void aTextThatIsNotAnAddressIsNamedInTheRefusal(String text) {
        assertThatThrownBy(() -> ListenAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }
}

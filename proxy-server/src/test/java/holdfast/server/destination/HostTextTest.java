package holdfast.server.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is an address, what is a name, and what must not reach a resolver that would make an address of it. */
final class HostTextTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::1, ::1",
        "[::1], ::1",
        "::, ::",
        "::ffff:127.0.0.1, 127.0.0.1",
        "::ffff:7f00:1, 127.0.0.1",
        "fe80::1, fe80::1",
        "2001:DB8::A, 2001:db8::a",
        "64:ff9b::10.0.0.1, 64:ff9b::a00:1"
    })
    void addressesAreReadAsSuch(String text, String expected) throws Exception {
        assertThat(HostText.address(text)).isEqualTo(InetAddress.getByName(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.1",
                "127.0.1",
                "0",
                "1",
                "0x7f.1",
                "0x7f.0.0.1",
                "0X7F000001",
                "0x7f000001",
                "017700000001",
                "2130706433",
                "0177.0.0.1",
                "127.0.0.01",
                "127.0.0.1.",
                "127.0.0.256",
                "1.2.3.4.5",
                "127.0.0.0x1",
                "0x",
                "00.0.0.0",
                "4294967296",
                "１２７.０.０.１",
                "127。0。0。1",
                "①②⑦.0.0.1",
                "a.0",
                "a.0x",
                "a.b.1",
                "1e3.1",
                "999999999999999999999",
                "127.0.0.1 ",
                " 127.0.0.1",
                "+127.0.0.1",
                "127.0.0.-1"
            })
    void otherSpellingsOfAddressesAreNeitherAddressNorName(String text) {
        assertThat(HostText.address(text)).isNull();
        assertThatThrownBy(() -> HostText.name(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a host name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":::",
                "::1%lo",
                "fe80::1%25eth0",
                "[::1",
                "::1]",
                "[]",
                "1::2::3",
                "g::1",
                "::ffff:127.1",
                "::ffff:0x7f.0.0.1",
                "12345::",
                ":",
                "[127.0.0.1]",
                "::127.0.0.1.5",
                "http://x",
                "x:80"
            })
    void damagedAddressesAreNeitherAddressNorName(String text) {
        assertThat(HostText.address(text)).isNull();
        assertThatThrownBy(() -> HostText.name(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a..b",
                ".a",
                "a b",
                "a/b",
                "a\\b",
                "a@b",
                "a%b",
                "a,b",
                "a\u0000b",
                "a?b",
                "a#b",
                "*",
                "a\nb",
                "a\u2028b",
                "<a>"
            })
    void textThatNoNameCanHaveIsRefused(String text) {
        assertThatThrownBy(() -> HostText.name(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, localhost",
        "Example.ORG, Example.ORG",
        "example.org., example.org.",
        "_dmarc.example.org, _dmarc.example.org",
        "a-1.b2, a-1.b2",
        "1.in-addr.arpa, 1.in-addr.arpa",
        "0x7f.com, 0x7f.com",
        "127.0.0.1.nip.io, 127.0.0.1.nip.io",
        "bücher.example, xn--bcher-kva.example"
    })
    void namesAreLetThrough(String text, String expected) {
        assertThat(HostText.address(text)).isNull();
        assertThat(HostText.name(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"63, true", "64, false"})
    void aLabelHasAtMost63Characters(int length, boolean fits) {
        String name = "a".repeat(length) + ".example";

        if (fits) {
            assertThat(HostText.name(name)).isEqualTo(name);
        } else {
            assertThatThrownBy(() -> HostText.name(name)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"253, true", "254, false"})
    void aNameHasAtMost253Characters(int length, boolean fits) {
        String name = "a.".repeat(126) + "a".repeat(length - 252);

        if (fits) {
            assertThat(HostText.name(name)).isEqualTo(name);
        } else {
            assertThatThrownBy(() -> HostText.name(name)).hasMessageContaining("253");
        }
    }
}

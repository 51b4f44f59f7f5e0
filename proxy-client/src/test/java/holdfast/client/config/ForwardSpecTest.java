package holdfast.client.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ForwardSpecTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8080:web.example:80 | 127.0.0.1:8080 | web.example:80",
                "localhost:8080:web.example:80 | 127.0.0.1:8080 | web.example:80",
                "127.0.0.2:8080:10.0.0.1:80 | 127.0.0.2:8080 | 10.0.0.1:80",
                "[::1]:8080:[2001:db8::1]:80 | [::1]:8080 | [2001:db8:0:0:0:0:0:1]:80",
                "8080:[::1]:80 | 127.0.0.1:8080 | [0:0:0:0:0:0:0:1]:80",
                "*:8080:web.example:80 | 0.0.0.0:8080 | web.example:80",
                ":8080:web.example:80 | 0.0.0.0:8080 | web.example:80",
                "0:web.example:80 | 127.0.0.1:0 | web.example:80",
                "8080:/run/web.sock | 127.0.0.1:8080 | unix:/run/web.sock",
                "[::1]:8080:/run/web.sock | [::1]:8080 | unix:/run/web.sock",
                "/tmp/here.sock:web.example:80 | unix:/tmp/here.sock | web.example:80",
                "/tmp/here.sock:/run/web.sock | unix:/tmp/here.sock | unix:/run/web.sock",
                "2222:1234:22 | 127.0.0.1:2222 | 1234:22"
            })
    void aLocalForwardIsReadAsSshReadsIt(String text, String listen, String to) {
        ForwardSpec.Local forward = ForwardSpec.local(text);

        assertThat(forward.listen()).hasToString(listen);
        assertThat(forward.to()).hasToString(to);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8080:localhost:80 | 127.0.0.1:8080 | localhost:80",
                "*:8080:localhost:80 | 0.0.0.0:8080 | localhost:80",
                "10.77.100.1:0:localhost:80 | 10.77.100.1:0 | localhost:80",
                "[::]:8080:[::1]:80 | [0:0:0:0:0:0:0:0]:8080 | [0:0:0:0:0:0:0:1]:80",
                "8080:/run/web.sock | 127.0.0.1:8080 | unix:/run/web.sock",
                "/run/there.sock:localhost:80 | unix:/run/there.sock | localhost:80"
            })
    void aRemoteForwardListensAtTheGateway(String text, String listen, String to) {
        ForwardSpec.Remote forward = (ForwardSpec.Remote) ForwardSpec.remote(text);

        assertThat(forward.listen()).hasToString(listen);
        assertThat(forward.to()).hasToString(to);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1080 | 127.0.0.1:1080",
                "LOCALHOST:1080 | 127.0.0.1:1080",
                "*:1080 | 0.0.0.0:1080",
                "10.77.100.1:1080 | 10.77.100.1:1080",
                "[::1]:0 | [0:0:0:0:0:0:0:1]:0"
            })
    void aRemoteForwardWithoutATargetIsASocksProxyAtTheGateway(String text, String listen) {
        assertThat(ForwardSpec.remote(text))
                .isInstanceOfSatisfying(
                        ForwardSpec.RemoteSocks.class,
                        forward -> assertThat(forward.listen()).hasToString(listen));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "8080",
                "8080:host",
                "8080:host:",
                "8080:host:0",
                "8080:host:70000",
                "8080:host:http",
                "70000:host:80",
                "x:host:80",
                "host:8080:web",
                "gw.example:8080:host:80",
                "2001:db8::1:8080:host:80",
                "[::1:8080:host:80",
                "[::1]8080:host:80",
                "8080:2001:db8::1:80",
                "8080::80",
                "8080:[::1]",
                "1:2:3:4:5",
                "/a.sock",
                "/a.sock:host",
                "/a.sock:",
                "-1:host:80",
                "8080:[host]:80"
            })
    void whatIsNotALocalForwardIsRefusedWithTheText(String text) {
        assertThatThrownBy(() -> ForwardSpec.local(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "x",
                "host:x",
                "70000",
                "gw.example:8080",
                "gw.example:8080:host:80",
                "8080:host:0",
                "8080:host:",
                "[::1",
                "::1:80",
                "[gw]:80",
                "/a.sock",
                "1:2:3:4:5"
            })
    void whatIsNotARemoteForwardIsRefusedWithTheText(String text) {
        assertThatThrownBy(() -> ForwardSpec.remote(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "8080:host | '8080:host' is not [BIND:]PORT:HOST:HOSTPORT; write an IPv6 address as [ADDRESS]",
                "8080:host:http | '8080:host:http': 'host:http': port 'http' is not a number from 0 to 65535",
                "gw.example:8080:host:80 | '127.0.0.1:PORT, [::1]:PORT, *:PORT or unix:/path",
            })
    void theMessageSaysWhatIsExpected(String text, String message) {
        assertThatThrownBy(() -> ForwardSpec.local(text)).hasMessageContaining(message.replace("'127", "127"));
    }
}

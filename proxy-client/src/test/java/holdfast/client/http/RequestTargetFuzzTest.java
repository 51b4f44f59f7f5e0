package holdfast.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.testing.FuzzSeeds;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;

/** Any target of a request is a destination or refused. The first byte picks the method; the bytes are as Netty hands them on. */
final class RequestTargetFuzzTest {
    private static final HttpMethod[] METHODS = {HttpMethod.CONNECT, HttpMethod.GET, HttpMethod.OPTIONS};

    @ParameterizedTest
    @FuzzSeeds
    void anyTargetIsADestinationOrRefused(byte[] data) {
        fuzzerTestOneInput(data);
    }

    /** For {@code scripts/fuzz}. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        String text = new String(data, 1, data.length - 1, StandardCharsets.ISO_8859_1);
        try {
            RequestTarget target = RequestTarget.parse(METHODS[(data[0] & 0xff) % METHODS.length], text);
            assertThat(target).isNotNull();
        } catch (HttpRefusal e) {
            assertThat(e).isNotNull();
        }
    }
}

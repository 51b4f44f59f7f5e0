package holdfast.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ChainTest {
    private static final Instant NOW = Instant.parse("2026-11-25T16:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Identity first = Identity.create("first relay", RANDOM);
    private final Identity second = Identity.create("second relay", RANDOM);

    private static Chain parse(byte[] bytes) throws IOException {
        int length = Chain.bodyLength(Arrays.copyOf(bytes, Chain.HEAD_BYTES));
        assertThat(bytes).hasSize(Chain.HEAD_BYTES + length);
        return Chain.parseBody(Arrays.copyOfRange(bytes, Chain.HEAD_BYTES, bytes.length));
    }

    private Chain throughBoth() {
        return Chain.NONE
                .through(first, "relay2.example:7443", NOW, RANDOM)
                .through(second, "10.0.0.1:7443", NOW, RANDOM);
    }

    @Test
    void whatTwoRelaysSignedIsReadInTheirOrder() throws IOException {
        Chain read = parse(throughBoth().toBytes());

        assertThat(read.relays()).containsExactly(first.pin(), second.pin());
        assertThat(read.links().get(0).next()).isEqualTo("relay2.example:7443");
        assertThat(read.links().get(1).isFreshAt(NOW.plusSeconds(59))).isTrue();
        assertThat(read.links().get(1).isFreshAt(NOW.plusSeconds(61))).isFalse();
    }

    @Test
    void theFirstBytesAreThoseOfTheSpecification() {
        byte[] bytes = Chain.NONE.through(first, "a:1", NOW, RANDOM).toBytes();

        assertThat(Arrays.copyOf(bytes, 4)).containsExactly('H', 'F', 'C', '1');
        assertThat((bytes[4] & 0xff) << 8 | (bytes[5] & 0xff)).as("length").isEqualTo(bytes.length - 6);
        assertThat(bytes[6]).as("links").isEqualTo((byte) 1);
        assertThat(bytes[7]).as("bytes of a P-256 key").isEqualTo((byte) 91);
    }

    @Test
    void noByteOfAChainCanBeChanged() {
        byte[] good = throughBoth().toBytes();

        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            assertThatExceptionOfType(IOException.class).as("byte %d", i).isThrownBy(() -> parseLeniently(bad));
        }
    }

    private static Chain parseLeniently(byte[] bytes) throws IOException {
        int length = Chain.bodyLength(Arrays.copyOf(bytes, Chain.HEAD_BYTES));
        if (length != bytes.length - Chain.HEAD_BYTES) {
            throw new IOException("another length");
        }
        return Chain.parseBody(Arrays.copyOfRange(bytes, Chain.HEAD_BYTES, bytes.length));
    }

    @Test
    void aChainThatIsCutOffIsNone() {
        byte[] good = throughBoth().toBytes();

        for (int length = Chain.HEAD_BYTES; length < good.length; length++) {
            byte[] cut = Arrays.copyOfRange(good, Chain.HEAD_BYTES, length);
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> Chain.parseBody(cut));
        }
    }

    @Test
    void aRelayCannotBeLeftOutOfAChain() {
        byte[] bytes = throughBoth().toBytes();
        byte[] body = Arrays.copyOfRange(bytes, Chain.HEAD_BYTES, bytes.length);
        int from = linkLength(body);
        byte[] withoutFirst = new byte[body.length];
        withoutFirst[0] = 1;
        System.arraycopy(body, 1 + from, withoutFirst, 1, body.length - 1 - from);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Chain.parseBody(Arrays.copyOf(withoutFirst, body.length - from)))
                .withMessageContaining("not signed");
    }

    /** Of the first link in a body: key, address, time, nonce, signature, with a length before each that varies. */
    private static int linkLength(byte[] body) {
        int at = 1;
        at += 1 + (body[at] & 0xff);
        at += 1 + (body[at] & 0xff);
        at += 8 + ChainLink.NONCE_BYTES;
        at += 1 + (body[at] & 0xff);
        return at - 1;
    }

    @Test
    void aLoopIsRefusedAndSoIsAFifthRelay() {
        Chain once = Chain.NONE.through(first, "a:1", NOW, RANDOM);
        assertThatIllegalStateException()
                .isThrownBy(() -> once.through(first, "b:1", NOW, RANDOM))
                .withMessageContaining("loop");

        Chain four = Chain.NONE;
        for (int i = 0; i < Chain.MAX_LINKS; i++) {
            four = four.through(Identity.create("relay", RANDOM), "a:1", NOW, RANDOM);
        }
        Chain full = four;
        assertThatIllegalStateException()
                .isThrownBy(() -> full.through(second, "a:1", NOW, RANDOM))
                .withMessageContaining("at most");
    }
}

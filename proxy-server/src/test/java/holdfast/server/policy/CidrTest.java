package holdfast.server.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CidrTest {
    private final Random random = new Random(17);

    @Test
    void membershipIsThatOfTheFirstBitsForBothFamilies() throws UnknownHostException {
        for (int run = 0; run < 100_000; run++) {
            int bytes = random.nextBoolean() ? 4 : 16;
            int length = random.nextInt(bytes * 8 + 1);
            byte[] network = new byte[bytes];
            random.nextBytes(network);
            byte[] address = near(network);

            Cidr cidr = Cidr.parse(text(masked(network, length)) + "/" + length);

            boolean expected = shifted(network, length).equals(shifted(address, length));
            assertThat(cidr.contains(address))
                    .as("%s in %s", text(address), cidr)
                    .isEqualTo(expected);
        }
    }

    @Test
    void theFamiliesNeverMatchEachOther() {
        assertThat(Cidr.parse("0.0.0.0/0").contains(Cidr.address("::1"))).isFalse();
        assertThat(Cidr.parse("::/0").contains(Cidr.address("10.0.0.1"))).isFalse();
    }

    @Test
    void whatItWritesItReadsAgainAndSoDoesJava() throws UnknownHostException {
        for (int run = 0; run < 20_000; run++) {
            byte[] address = new byte[16];
            for (int i = 0; i < 16; i++) {
                // Many zero bytes, for the :: form.
                address[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : 0);
            }
            if (Cidr.MAPPED.contains(address)) {
                continue;
            }
            String text = Cidr.text(address);

            assertThat(InetAddress.getByName(text).getAddress()).as(text).isEqualTo(address);
            assertThat(Cidr.parse(text)).hasToString(text);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "::, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "1:0:0:0:0:0:0:0, 1::",
        "fd00:0:0::/8, fd00::/8",
        "10.0.0.1/32, 10.0.0.1",
        "0.0.0.0/0, 0.0.0.0/0",
        "::ffff:10.0.0.0/104, 10.0.0.0/8",
        "::ffff:10.1.2.3, 10.1.2.3"
    })
    void aRangeIsWrittenInItsShortestForm(String text, String shortest) {
        assertThat(Cidr.parse(text)).hasToString(shortest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/a",
                "10.0.0.0/08x",
                "10.0.0/8",
                "10",
                "10.0.0.256",
                "010.0.0.1",
                "1.2.3.4.5",
                "0x7f.0.0.1",
                "localhost",
                "example.com/8",
                "::/129",
                ":",
                ":::",
                "1:2",
                "fe80::1%eth0",
                "::ffff:0.0.0.0/95",
                "::g",
                " 10.0.0.1",
                "10.0.0.1 ",
                "١٠.0.0.1",
                "10.0.0.0/8/8",
                "::1/9999"
            })
    void whatIsNotARangeIsRefusedAndNothingIsResolved(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bitsBehindTheLengthAreRefusedWithWhatIsProbablyMeant() {
        assertThatThrownBy(() -> Cidr.parse("10.1.2.3/8"))
                .hasMessage("'10.1.2.3/8' has bits behind its first 8: is 10.0.0.0/8 meant?");
        assertThatThrownBy(() -> Cidr.parse("fd00::1/8"))
                .hasMessage("'fd00::1/8' has bits behind its first 8: is fd00::/8 meant?");
    }

    private byte[] near(byte[] network) {
        byte[] address = network.clone();
        int bit = random.nextInt(address.length * 8 + 1);
        if (bit < address.length * 8) {
            address[bit / 8] ^= (byte) (0x80 >> bit % 8);
            // Everything behind the first difference is random.
            for (int i = bit / 8 + 1; i < address.length; i++) {
                address[i] = (byte) random.nextInt(256);
            }
        }
        return address;
    }

    private static BigInteger shifted(byte[] address, int length) {
        return new BigInteger(1, address).shiftRight(address.length * 8 - length);
    }

    private static byte[] masked(byte[] address, int length) {
        int hostBits = address.length * 8 - length;
        byte[] value = new BigInteger(1, address)
                .shiftRight(hostBits)
                .shiftLeft(hostBits)
                .toByteArray();
        byte[] masked = new byte[address.length];
        for (int i = 1; i <= Math.min(value.length, masked.length); i++) {
            masked[masked.length - i] = value[value.length - i];
        }
        return masked;
    }

    private static String text(byte[] address) {
        return Cidr.text(address);
    }
}

package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import holdfast.itest.harness.EchoDestination;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.Socks;
import holdfast.itest.harness.TestBed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever way a program spells an address of the gateway's inner world, it is refused, until a rule names the range. */
class SsrfMatrixTest {
    private static final int NOT_ALLOWED = 2;
    private static final int HOST_UNREACHABLE = 4;
    private static final int CONNECTION_REFUSED = 5;

    /** 127.0.0.1 itself is allowed to the beds of all tests. */
    private static final List<String> INNER = List.of(
            "127.0.0.2",
            "127.1.2.3",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255");

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    @Test
    void noSpellingGetsThrough() throws Exception {
        Set<String> spellings = new LinkedHashSet<>(List.of(
                "::",
                "::2",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fd00:ec2::254",
                "ff02::1",
                "100::1",
                "64:ff9b:1::1",
                "2001:db8::1",
                "0000:0000:0000:0000:0000:0000:0000:0002"));
        INNER.forEach(each -> spellings.addAll(spellings(each)));
        assertThat(spellings).hasSizeGreaterThanOrEqualTo(300);

        // It listens everywhere: who gets through a hole arrives.
        try (EchoDestination inner = EchoDestination.start(InetAddress.getByName("0.0.0.0"))) {
            for (String each : spellings) {
                assertThat(reply(each, inner.port())).as(each).isIn(NOT_ALLOWED, HOST_UNREACHABLE);
            }
        }
    }

    @Test
    void aRuleThatNamesTheRangeOpensIt() throws Exception {
        Path config = BED.gatewayHome().resolve("gateway.toml");
        String usual = Files.readString(config);
        Files.writeString(config, "allow = [\"127.0.0.0/8\"]\n" + usual);
        reload();
        try (EchoDestination inner = EchoDestination.start(InetAddress.getByName("0.0.0.0"))) {
            assertThat(reply("127.0.0.2", inner.port())).isZero();
            assertThat(reply("::ffff:7f00:2", inner.port())).isZero();
            assertThat(reply("10.0.0.1", inner.port())).isEqualTo(NOT_ALLOWED);
        } finally {
            Files.writeString(config, usual);
            reload();
        }
    }

    private static int reply(String host, int port) throws IOException {
        try (Socket socket = BED.socks().connect(host, port)) {
            return socket.isConnected() ? 0 : fail("neither refused nor connected");
        } catch (Socks.Refused refused) {
            assertThat(refused.reply()).as(host).isNotEqualTo(CONNECTION_REFUSED);
            return refused.reply();
        }
    }

    private static void reload() throws Exception {
        Program.run(
                        TestBed.GATEWAY.toString(),
                        "reload",
                        "--home",
                        BED.gatewayHome().toString())
                .ok();
    }

    /** Ways in which programs, browsers and libraries have written an IPv4 address, or hidden one in IPv6. */
    private static List<String> spellings(String dotted) {
        String[] parts = dotted.split("\\.", -1);
        int[] b = new int[4];
        for (int i = 0; i < 4; i++) {
            b[i] = Integer.parseInt(parts[i]);
        }
        long all = (long) b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3];
        String high = Integer.toHexString(b[0] << 8 | b[1]);
        String low = Integer.toHexString(b[2] << 8 | b[3]);
        String notHigh = Integer.toHexString(~(b[0] << 8 | b[1]) & 0xffff);
        String notLow = Integer.toHexString(~(b[2] << 8 | b[3]) & 0xffff);
        List<String> spellings = new ArrayList<>(List.of(
                dotted,
                dotted + ".",
                Long.toString(all),
                "0x" + Long.toHexString(all),
                "0" + Long.toOctalString(all),
                String.format("0x%x.0x%x.0x%x.0x%x", b[0], b[1], b[2], b[3]),
                String.format("0%o.0%o.0%o.0%o", b[0], b[1], b[2], b[3]),
                String.format("%03d.%03d.%03d.%03d", b[0], b[1], b[2], b[3]),
                b[0] + "." + ((b[1] << 16) | (b[2] << 8) | b[3]),
                b[0] + "." + b[1] + "." + ((b[2] << 8) | b[3]),
                dotted + "%00.example.com",
                " " + dotted,
                "[::ffff:" + dotted + "]",
                "::" + dotted,
                "64:ff9b::" + dotted,
                "64:ff9b::" + high + ":" + low,
                "64:ff9b:1::" + dotted,
                "2002:" + high + ":" + low + "::1",
                "2001:0:" + high + ":" + low + "::1",
                "2001:0:808:808:0:0:" + notHigh + ":" + notLow,
                "2a00:1450::5efe:" + dotted,
                "2a00:1450::200:5efe:" + high + ":" + low,
                dotted.replace('0', '\uff10').replace('1', '\uff11').replace('2', '\uff12'),
                dotted.replace('.', '\u3002')));
        if (!dotted.startsWith("127.0.0.1")) {
            spellings.add("::ffff:" + high + ":" + low);
        }
        return spellings;
    }
}

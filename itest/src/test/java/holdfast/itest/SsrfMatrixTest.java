package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import holdfast.itest.harness.EchoDestination;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.RawPeer;
import holdfast.itest.harness.Socks;
import holdfast.itest.harness.SocksUdp;
import holdfast.itest.harness.Spellings;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.UdpEcho;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whatever way a program spells an address of the gateway's inner world, and whatever it wants there, it is refused, until a rule names the range.
 * 127.0.0.1 itself is allowed to the beds of all tests.
 */
class SsrfMatrixTest {
    private static final int NOT_ALLOWED = 2;
    private static final int HOST_UNREACHABLE = 4;
    private static final int CONNECTION_REFUSED = 5;
    private static final int ADDRESS_NOT_SUPPORTED = 8;
    private static final int NAME_NOT_FOUND = 9;
    private static final int BIND = 2;
    private static final int LISTEN = 5;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    @Test
    void noConnectionGetsThrough() throws Exception {
        Set<String> spellings = Spellings.inner();
        assertThat(spellings).hasSizeGreaterThanOrEqualTo(300);

        // It listens everywhere: who gets through a hole arrives.
        try (EchoDestination inner = EchoDestination.start(InetAddress.getByName("0.0.0.0"))) {
            for (String each : spellings) {
                assertThat(reply(each, inner.port())).as(each).isIn(NOT_ALLOWED, HOST_UNREACHABLE);
            }
        }
    }

    @Test
    void noDatagramGetsThrough() throws Exception {
        try (UdpEcho inner = UdpEcho.start(0, 0, 0, 0);
                SocksUdp udp = SocksUdp.open(BED.socks())) {
            int port = inner.address().getPort();
            InetSocketAddress open = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            int allowed = 0;
            for (String each : Spellings.inner()) {
                udp.send(each, port, text("as a name"));
                if (isLiteral(each)) {
                    udp.send(new InetSocketAddress(InetAddress.getByName(each), port), text("as an address"));
                }
                // What is allowed arrives behind each, so that nothing is lost for want of room.
                udp.send(open, text("allowed"));
                assertThat(udp.receive(LIMIT)).as("behind %s", each).isEqualTo(text("allowed"));
                allowed++;
            }
            assertThat(inner.received()).isEqualTo(allowed);

            try (Rules rules = Rules.with("allow = [\"udp 127.0.0.0/8\"]")) {
                udp.send(new InetSocketAddress("127.0.0.2", port), text("opened by " + rules));
                assertThat(udp.receive(LIMIT)).isEqualTo(text("opened by " + rules));
                udp.send(new InetSocketAddress("10.0.0.1", port), text("closed"));
                udp.send(open, text("allowed"));
                assertThat(udp.receive(LIMIT)).isEqualTo(text("allowed"));
            }
        }
    }

    @Test
    void nobodyListensAnywhere() throws Exception {
        int port = Ports.free();
        List<byte[]> hosts = new ArrayList<>();
        for (String each : Spellings.inner()) {
            hosts.add(asName(each));
            if (isLiteral(each)) {
                hosts.add(asAddress(each));
            }
        }
        hosts.add(asAddress("127.0.0.1"));
        hosts.add(asName("localhost"));
        BED.login(BED.folder().resolve("lisa"), "lisa");
        for (int kind : new int[] {BIND, LISTEN}) {
            long stream = 0;
            try (RawPeer lisa = lisa()) {
                for (byte[] each : hosts) {
                    assertThat(answer(lisa, stream, kind, each, port))
                            .as("kind %s at %s", kind, new String(each, StandardCharsets.UTF_8))
                            .isIn(NOT_ALLOWED, HOST_UNREACHABLE, ADDRESS_NOT_SUPPORTED, NAME_NOT_FOUND);
                    stream += 2;
                }
            }
        }
        try (Rules rules = Rules.with("allow-listen = [\"127.0.0.2:" + port + "\"]");
                RawPeer lisa = lisa()) {
            assertThat(answer(lisa, 0, LISTEN, asAddress("127.0.0.2"), port))
                    .as(rules.toString())
                    .isZero();
            assertThat(answer(lisa, 2, LISTEN, asAddress("127.0.0.3"), port)).isEqualTo(NOT_ALLOWED);
            assertThat(answer(lisa, 4, LISTEN, asAddress("0.0.0.0"), port)).isEqualTo(NOT_ALLOWED);
        }
        try (Rules rules = Rules.with("allow-listen = [\"127.0.0.1:" + port + "\"]");
                RawPeer lisa = lisa()) {
            assertThat(answer(lisa, 0, BIND, asAddress("127.0.0.1"), port))
                    .as(rules.toString())
                    .isZero();
        }
    }

    @Test
    void aRuleThatNamesTheRangeOpensIt() throws Exception {
        try (EchoDestination inner = EchoDestination.start(InetAddress.getByName("0.0.0.0"));
                Rules rules = Rules.with("allow = [\"127.0.0.0/8\"]")) {
            assertThat(reply("127.0.0.2", inner.port())).as(rules.toString()).isZero();
            assertThat(reply("::ffff:7f00:2", inner.port())).isZero();
            assertThat(reply("10.0.0.1", inner.port())).isEqualTo(NOT_ALLOWED);
        }
    }

    /** A line more in gateway.toml, in force until this is closed. */
    private static final class Rules implements AutoCloseable {
        private final Path config = BED.gatewayHome().resolve("gateway.toml");
        private final String usual;
        private final String line;

        private Rules(String line) throws IOException {
            this.line = line;
            this.usual = Files.readString(config);
        }

        static Rules with(String line) throws Exception {
            Rules rules = new Rules(line);
            Files.writeString(rules.config, line + "\n" + rules.usual);
            reload();
            return rules;
        }

        @Override
        public void close() throws IOException {
            Files.writeString(config, usual);
            try {
                reload();
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException("while the usual rules were put in force again", e);
            }
        }

        @Override
        public String toString() {
            return line;
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

    private static RawPeer lisa() throws IOException {
        RawPeer lisa = RawPeer.connect(BED.folder().resolve("lisa"), BED.gatewayPort());
        lisa.hello();
        return lisa;
    }

    private static int answer(RawPeer peer, long stream, int kind, byte[] host, int port) throws IOException {
        peer.open(stream, kind, host, port);
        peer.flush();
        return peer.readAnswer();
    }

    private static boolean isLiteral(String spelling) {
        return spelling.matches("[0-9a-f:.]*:[0-9a-f:.]*")
                || spelling.matches("([1-9]?\\d|[12]\\d\\d)(\\.(\\d|[1-9]\\d|[12]\\d\\d)){3}");
    }

    private static byte[] asAddress(String literal) throws IOException {
        byte[] bytes = InetAddress.getByName(literal).getAddress();
        return host(bytes.length == 4 ? 1 : 4, bytes);
    }

    private static byte[] asName(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes.length);
        out.writeBytes(bytes);
        return host(3, out.toByteArray());
    }

    private static byte[] host(int type, byte[] rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(type);
        out.writeBytes(rest);
        return out.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void reload() throws Exception {
        Program.run(
                        TestBed.GATEWAY.toString(),
                        "reload",
                        "--home",
                        BED.gatewayHome().toString())
                .ok();
    }
}

package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.Pattern;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.SocksUdp;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.Tools;
import holdfast.itest.harness.UdpEcho;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Datagrams of a program go out at the gateway and their answers come back, only theirs, for as long as the program's TCP connection is there. */
class UdpAssociateTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(100);

    @RegisterExtension
    static final TestBed BED = TestBed.plain().gateway("--verbose");

    @TempDir
    Path folder;

    @Test
    void datagramsOfAllLengthsThatFitComeBack() throws Exception {
        try (UdpEcho echo = UdpEcho.start(127, 0, 0, 1);
                UdpEcho echo6 = UdpEcho.start(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
                SocksUdp udp = SocksUdp.open(BED.socks())) {
            for (int length : new int[] {0, 1, 1472, 1473, 9000, 16_112}) {
                byte[] bytes = Pattern.bytes(length, length);
                udp.send(echo.address(), bytes);
                assertThat(udp.receive(LIMIT)).isEqualTo(bytes);
            }
            udp.send(echo6.address(), Pattern.bytes(6, 600));
            assertThat(udp.receive(LIMIT)).isEqualTo(Pattern.bytes(6, 600));
        }
    }

    @Test
    void aDatagramThatDoesNotFitIsDroppedAndTheNextOneGoesOn() throws Exception {
        try (UdpEcho echo = UdpEcho.start(127, 0, 0, 1);
                SocksUdp udp = SocksUdp.open(BED.socks())) {
            udp.send(echo.address(), Pattern.bytes(1, 17_000));
            udp.send(echo.address(), Pattern.bytes(2, 60_000));
            udp.send(echo.address(), Pattern.bytes(3, 100));

            assertThat(udp.receive(LIMIT)).isEqualTo(Pattern.bytes(3, 100));
            assertThat(echo.received()).isEqualTo(1);
        }
    }

    @Test
    void namesAreResolvedAtTheGateway() throws Exception {
        try (UdpEcho echo = UdpEcho.start(127, 0, 0, 1);
                SocksUdp udp = SocksUdp.open(BED.socks())) {
            udp.send("localhost", echo.address().getPort(), text("by name"));

            assertThat(udp.receive(LIMIT)).isEqualTo(text("by name"));
        }
    }

    @Test
    void nobodyElseGetsIn() throws Exception {
        try (UdpEcho echo = UdpEcho.start(127, 0, 0, 1);
                SocksUdp udp = SocksUdp.open(BED.socks());
                DatagramSocket stranger =
                        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            udp.send(echo.address(), text("mine"));
            assertThat(udp.receive(LIMIT)).isEqualTo(text("mine"));

            // At the gateway: an answer from somebody who was not asked. At the client: a process that found the port.
            byte[] lie = text("a lie");
            stranger.send(new DatagramPacket(lie, lie.length, echo.lastAsker()));
            byte[] use = new byte[] {
                0,
                0,
                0,
                1,
                127,
                0,
                0,
                1,
                (byte) (echo.address().getPort() >> 8),
                (byte) echo.address().getPort(),
                'x'
            };
            stranger.send(new DatagramPacket(use, use.length, udp.relay()));
            udp.send(echo.address(), text("mine again"));

            assertThat(udp.receive(LIMIT)).isEqualTo(text("mine again"));
            assertThat(echo.received()).isEqualTo(2);
        }
    }

    @Test
    void theRelayAtBothEndsIsGoneWithTheTcpConnection() throws Exception {
        try (UdpEcho echo = UdpEcho.start(127, 0, 0, 1);
                SocksUdp udp = SocksUdp.open(BED.socks())) {
            udp.send(echo.address(), text("hi"));
            udp.receive(LIMIT);
            int atTheGateway = ((InetSocketAddress) echo.lastAsker()).getPort();

            udp.control().close();

            Await.until("the client's port is closed", Duration.ofSeconds(5), () -> isClosed(udp.relay()));
            Await.until(
                    "the gateway's port is closed",
                    Duration.ofSeconds(5),
                    () -> isClosed(new InetSocketAddress(InetAddress.getLoopbackAddress(), atTheGateway)));
        }
    }

    @Test
    void whatThePolicyClosesIsNotReached() throws Exception {
        try (UdpEcho open = UdpEcho.start(127, 0, 0, 1);
                UdpEcho closed = UdpEcho.start(127, 0, 0, 2);
                SocksUdp udp = SocksUdp.open(BED.socks())) {
            udp.send(closed.address(), text("refused"));
            udp.send(new InetSocketAddress(InetAddress.getByAddress(new byte[] {-1, -1, -1, -1}), 9), text("refused"));
            udp.send(open.address(), text("allowed"));

            assertThat(udp.receive(LIMIT)).isEqualTo(text("allowed"));
            assertThatThrownBy(() -> udp.receive(SHORT)).isInstanceOf(SocketTimeoutException.class);
            assertThat(closed.received()).isZero();
            BED.gateway().awaitLog("datagram.refused.*127.0.0.2", LIMIT);
        }
    }

    /**
     * drill knows no SOCKS; Dante's socksify gives its datagrams to one. Not dig: it sends by sendmmsg, which socksify does not take over. The name exists
     * only where the gateway is.
     */
    @Test
    void drillAsksANameServerBehindTheGateway() throws Exception {
        int port = Ports.free();
        Path config = Files.writeString(
                folder.resolve("socks.conf"),
                "resolveprotocol: fake\nroute {\n  from: 0.0.0.0/0 to: 0.0.0.0/0 via: 127.0.0.1 port = "
                        + BED.socksPort()
                        + "\n  proxyprotocol: socks_v5\n  command: udpassociate\n  protocol: udp\n}\n");
        List<String> command = List.of(
                Tools.require("dnsmasq"),
                "--keep-in-foreground",
                "--no-resolv",
                "--no-hosts",
                "--conf-file=/dev/null",
                "--listen-address=127.0.0.1",
                "--bind-interfaces",
                "--port=" + port,
                "--pid-file=" + folder.resolve("dnsmasq.pid"),
                "--user=root",
                "--address=/answer.test/192.0.2.53");
        try (Daemon server = Daemon.start("dnsmasq", folder.resolve("dnsmasq.log"), command, Map.of())) {
            assertThat(server.isAlive()).isTrue();
            Await.until(
                    "dnsmasq answers",
                    LIMIT,
                    () -> Program.run(
                                    "dig",
                                    "+short",
                                    "+time=1",
                                    "+tries=1",
                                    "@127.0.0.1",
                                    "-p",
                                    "" + port,
                                    "answer.test")
                            .output()
                            .contains("192.0.2.53"));

            long before = associationsOver();
            Program.Result result = Program.of(
                            "socksify", Tools.require("drill"), "-p", "" + port, "@127.0.0.1", "answer.test")
                    .with("SOCKS_CONF", config.toString())
                    // It would reach the networks of this machine, 127.0.0.0/8 among them, without the proxy.
                    .with("SOCKS_AUTOADD_LANROUTES", "no")
                    .run()
                    .ok();

            assertThat(result.output()).contains("192.0.2.53");
            Await.until("an association more is over", LIMIT, () -> associationsOver() > before);
        }
    }

    private static long associationsOver() throws Exception {
        return BED.gateway()
                .log()
                .lines()
                .filter(line -> line.contains("association.closed"))
                .count();
    }

    private static boolean isClosed(InetSocketAddress port) throws Exception {
        try (DatagramSocket probe = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            probe.connect(port);
            probe.setSoTimeout((int) SHORT.toMillis());
            probe.send(new DatagramPacket(new byte[1], 1));
            probe.receive(new DatagramPacket(new byte[1], 1));
            return false;
        } catch (SocketTimeoutException stillThere) {
            return false;
        } catch (PortUnreachableException closed) {
            return true;
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

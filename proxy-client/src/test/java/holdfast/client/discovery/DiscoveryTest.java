package holdfast.client.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DiscoveryTest {
    private static final int SRV = 33;
    private static final int SVCB = 64;
    private static final byte[] QUESTION_NAME = {(byte) 0xc0, 12};

    @Test
    void recordsOfADomainAreTurnedIntoAddressesTheBestFirst() throws Exception {
        Discovery.Found found = ask(question -> type(question) == SRV
                ? List.of(answer(
                        question,
                        record(QUESTION_NAME, SRV, srv(20, 7443, name("b", "example"))),
                        record(QUESTION_NAME, SRV, srv(10, 443, name("a", "example")))))
                : List.of(answer(question, record(QUESTION_NAME, SVCB, svcb(1, name("c", "example"), 8443)))));

        assertThat(found.usable()).containsExactly("c.example:8443", "a.example:443", "b.example:7443");
    }

    @Test
    void anSvcbRecordWithoutANameMeansTheDomain() throws Exception {
        Discovery.Found found = ask(question -> List.of(
                type(question) == SVCB
                        ? answer(question, record(QUESTION_NAME, SVCB, svcb(1, new byte[1], 7443)))
                        : answer(question)));

        assertThat(found.usable()).containsExactly("corp.example:7443");
    }

    @Test
    void answersWithAnotherNumberOrToAnotherQuestionAreNotHeard() throws Exception {
        Discovery.Found found = ask(question -> {
            byte[] right = answer(question, record(QUESTION_NAME, SRV, srv(1, 443, name("good", "example"))));
            byte[] otherNumber = answer(question, record(QUESTION_NAME, SRV, srv(1, 443, name("evil", "example"))));
            otherNumber[1]++;
            byte[] otherName = answer(question, record(QUESTION_NAME, SRV, srv(1, 443, name("evil", "example"))));
            otherName[14]++;
            byte[] noAnswer = answer(question, record(QUESTION_NAME, SRV, srv(1, 443, name("evil", "example"))));
            noAnswer[2] = 0;
            return List.of(otherNumber, otherName, noAnswer, new byte[3], right);
        });

        assertThat(found.usable()).containsExactly("good.example:443");
    }

    @Test
    void recordsOfOtherNamesAreNotUsed() throws Exception {
        Discovery.Found found = ask(question -> List.of(answer(
                question, record(name("_holdfast", "other"), type(question), srv(1, 443, name("evil", "example"))))));

        assertThat(found.usable()).isEmpty();
    }

    @Test
    void namesThatLeadHomeOrAreNoneAreShownWithTheReasonAndNotUsed() throws Exception {
        Discovery.Found found = ask(question -> List.of(answer(
                question,
                record(QUESTION_NAME, SRV, srv(1, 443, name("127", "0", "0", "1"))),
                record(QUESTION_NAME, SRV, srv(1, 443, name("localhost"))),
                record(QUESTION_NAME, SRV, srv(1, 443, name("router", "local"))),
                record(QUESTION_NAME, SRV, srv(1, 443, name("\u001b[2Jx", "example"))),
                record(QUESTION_NAME, SRV, srv(1, 0, name("a", "example"))),
                record(QUESTION_NAME, SRV, srv(1, 443, new byte[1])))));

        assertThat(found.usable()).isEmpty();
        assertThat(String.join("\n", found.report()))
                .contains("127.0.0.1:443, priority 1 - not used: it is an address")
                .contains("localhost:443, priority 1 - not used: it is a name of this machine")
                .contains("router.local:443, priority 1 - not used")
                .contains("?[2Jx.example:443, priority 1 - not used: it is not a name of a machine")
                .contains("not used: there is no port 0")
                .contains("not used: it says that there is none")
                .matches("[\\n -~]*");
    }

    @Test
    void damagedAnswersAreToldAndNothingOfThemIsUsed() throws Exception {
        byte[] circle = {
            (byte) 0xc0, 12, 0, SRV, 0, 1, 0, 0, 0, 0, 0, 8, 0, 1, 0, 0, 1, (byte) 187, (byte) 0xff, (byte) 0xff
        };
        byte[] tooLong = {(byte) 0xc0, 12, 0, SRV, 0, 1, 0, 0, 0, 0, 1, 0};
        for (byte[] each : List.of(circle, tooLong)) {
            Discovery.Found found = ask(question -> List.of(answer(question, each)));

            assertThat(found.usable()).isEmpty();
            assertThat(found.report()).anyMatch(line -> line.startsWith("DNS (SRV): not found out"));
        }
    }

    @Test
    void ofManyRecordsOnlyAFewAreLookedAt() throws Exception {
        byte[][] many = new byte[200][];
        Arrays.setAll(many, i -> record(QUESTION_NAME, SRV, srv(1, 1000 + i, name("a", "example"))));

        Discovery.Found found = ask(question -> List.of(answer(question, many)));

        assertThat(found.usable()).hasSize(32);
    }

    @Test
    void machinesOfTheLocalLinkSayWhereTheirGatewaysAre() throws Exception {
        byte[] instance = name("My Gateway", "_holdfast", "_tcp", "local");
        try (FakeServer link = new FakeServer(question -> List.of(answer(
                question,
                record(QUESTION_NAME, 12, instance),
                record(instance, SRV, srv(0, 7443, name("box", "local"))),
                record(name("other", "_ipp", "_tcp", "local"), SRV, srv(0, 631, name("printer", "local"))))))) {
            Discovery.Found found = new Discovery(link.address(), link.address()).look("local", false);

            assertThat(found.usable()).containsExactly("box.local:7443");
        }
    }

    @Test
    void whatOneNeighbourDamagesDoesNotHideTheOthers() throws Exception {
        byte[] instance = name("My Gateway", "_holdfast", "_tcp", "local");
        byte[] tooLong = {(byte) 0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 0, 1, 0};
        try (FakeServer link = new FakeServer(question -> List.of(
                answer(question, tooLong),
                answer(
                        question,
                        record(QUESTION_NAME, 12, instance),
                        record(instance, SRV, srv(0, 7443, name("box", "local"))))))) {
            Discovery.Found found = new Discovery(link.address(), link.address()).look("local", false);

            assertThat(found.usable()).containsExactly("box.local:7443");
            assertThat(found.report()).containsExactly("local link (DNS-SD): box.local:7443, priority 0");
        }
    }

    @Test
    void aPageNamesOneGatewayALine() {
        assertThat(WellKnown.read("# ours\n gw.example:7443 \n\n10.0.0.1:22\nnonsense\n"))
                .extracting(each -> each.address() + " " + each.objection().isEmpty())
                .containsExactly("gw.example:7443 true", "10.0.0.1:22 false", "nonsense:0 false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", "ex ample.com", "\u001b.com", "-a.com", "a/b"})
    void whatIsNoDomainIsRefused(String text) {
        assertThatThrownBy(() -> Discovery.domain(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a domain");
    }

    private static Discovery.Found ask(Function<byte[], List<byte[]>> answers) throws Exception {
        try (FakeServer server = new FakeServer(answers)) {
            return new Discovery(server.address(), server.address()).look("corp.example", false);
        }
    }

    /** A name server that answers as a test says. */
    private static final class FakeServer implements AutoCloseable {
        private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());

        FakeServer(Function<byte[], List<byte[]>> answers) throws IOException {
            Thread thread = new Thread(() -> serve(answers), "fake name server");
            thread.setDaemon(true);
            thread.start();
        }

        InetSocketAddress address() {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }

        @Override
        public void close() {
            socket.close();
        }

        private void serve(Function<byte[], List<byte[]>> answers) {
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                    socket.receive(packet);
                    byte[] question = Arrays.copyOf(packet.getData(), packet.getLength());
                    for (byte[] each : answers.apply(question)) {
                        socket.send(new DatagramPacket(each, each.length, packet.getSocketAddress()));
                    }
                }
            } catch (IOException closed) {
                // the test is over
            }
        }
    }

    private static int type(byte[] question) {
        return question[question.length - 3] & 0xff;
    }

    private static byte[] answer(byte[] question, byte[]... records) {
        byte[] begin = question.clone();
        begin[2] = (byte) 0x81;
        begin[3] = (byte) 0x80;
        begin[7] = (byte) records.length;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(begin);
        for (byte[] each : records) {
            out.writeBytes(each);
        }
        return out.toByteArray();
    }

    private static byte[] record(byte[] owner, int type, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(owner);
        out.writeBytes(new byte[] {0, (byte) type, 0, 1, 0, 0, 0, 60, (byte) (data.length >> 8), (byte) data.length});
        out.writeBytes(data);
        return out.toByteArray();
    }

    private static byte[] srv(int priority, int port, byte[] target) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, (byte) priority, 0, 0, (byte) (port >> 8), (byte) port});
        out.writeBytes(target);
        return out.toByteArray();
    }

    private static byte[] svcb(int priority, byte[] target, int port) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, (byte) priority});
        out.writeBytes(target);
        out.writeBytes(new byte[] {0, 3, 0, 2, (byte) (port >> 8), (byte) port});
        return out.toByteArray();
    }

    private static byte[] name(String... labels) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String each : labels) {
            byte[] bytes = each.getBytes(StandardCharsets.ISO_8859_1);
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        out.write(0);
        return out.toByteArray();
    }
}

package holdfast.client.dns;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.client.door.ListenAddress;
import holdfast.client.fixture.MemoryGateway;
import holdfast.client.fixture.MemoryStream;
import holdfast.client.fixture.Program;
import holdfast.client.fixture.Sites;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.StreamKind;
import holdfast.transport.EventLoops;
import holdfast.transport.TransportKind;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every question goes to the gateway, whole; a bad one is nobody else's matter. */
final class DnsDoorTest {
    private static final byte[] QUESTION =
            bytes("1234 0100 0001 0000 0000 0000 03576562 076578616d706c65 00 000f 0001");
    private static final byte[] ANSWER = bytes("1234 8180 0001 0000 0000 0000 03576562 076578616d706c65 00 000f 0001");
    private static final byte[] FAILURE = bytes("1234 8182 0001 0000 0000 0000 03576562 076578616d706c65 00 000f 0001");

    private final EventLoops loops = EventLoops.start(TransportKind.AUTO, 1, "dns");
    private final EventLoop loop = loops.next();
    private final MemoryGateway gateway = new MemoryGateway(loop);
    private final DnsDoor door =
            new DnsDoor(loops, loop, gateway, List.of((ListenAddress.Tcp) ListenAddress.parse("127.0.0.1:0")));

    DnsDoorTest() {
        door.open();
    }

    @AfterEach
    void close() {
        door.close();
        loops.close();
        gateway.close();
    }

    @Test
    void aQuestionByUdpTravelsWholeInAStreamOfItsOwn() throws Exception {
        gateway.site("RESOLVE web.example:53", answering(ANSWER));

        assertThat(askByUdp(QUESTION)).isEqualTo(ANSWER);

        MemoryStream stream = gateway.awaitStream();
        assertThat(stream.request().kind()).isEqualTo(StreamKind.RESOLVE);
        assertThat(stream.firstBytes().getBytes(StandardCharsets.ISO_8859_1)).hasSize(QUESTION.length + 2);
    }

    @Test
    void questionsByTcpMayFollowEachOtherAndAreAllAnswered() throws IOException {
        gateway.site("RESOLVE web.example:53", answering(ANSWER));
        try (Program program = Program.connect(address())) {
            program.says(framed(QUESTION)).says(framed(QUESTION)).endsItsHalf();

            program.hears(framed(ANSWER)).hears(framed(ANSWER)).hearsTheEnd();
        }
    }

    @Test
    void anAnswerTooLongForUdpIsFetchedByTcp() throws IOException {
        byte[] large = Arrays.copyOf(ANSWER, 600);
        gateway.site("RESOLVE web.example:53", answering(large));

        byte[] cut = askByUdp(QUESTION);

        assertThat(cut[2] & 0x02).isEqualTo(0x02);
        assertThat(cut).hasSize(QUESTION.length);
        try (Program program = Program.connect(address())) {
            program.saysByteByByte(framed(QUESTION)).hears(framed(large));
        }
    }

    @Test
    void withoutAnAnswerTheAskerIsToldSo() throws IOException {
        gateway.site("RESOLVE web.example:53", Sites.rejecting(ErrorCode.KIND_NOT_SUPPORTED));
        assertThat(askByUdp(QUESTION)).isEqualTo(FAILURE);

        gateway.site("RESOLVE web.example:53", Sites.breaking());
        assertThat(askByUdp(QUESTION)).isEqualTo(FAILURE);

        gateway.site("RESOLVE web.example:53", answering(bytes("9999 8180 0001 0000 0000 0000")));
        assertThat(askByUdp(QUESTION)).isEqualTo(FAILURE);

        gateway.losePath();
        assertThat(askByUdp(QUESTION)).isEqualTo(FAILURE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12", "1234 8180 0001 0000 0000 0000 00 0001 0001"})
    void whatIsNoQuestionIsNotAnswered(String hex) throws IOException {
        gateway.site("RESOLVE web.example:53", answering(ANSWER));
        try (DatagramSocket asker = socket()) {
            asker.send(new DatagramPacket(bytes(hex), bytes(hex).length, address()));
            asker.send(new DatagramPacket(QUESTION, QUESTION.length, address()));

            assertThat(receive(asker)).isEqualTo(ANSWER);
        }
    }

    @Test
    void aMalformedQuestionIsToldSoByUdpAndEndsItsConnectionByTcp() throws IOException {
        byte[] malformed = Arrays.copyOf(QUESTION, QUESTION.length - 1);

        assertThat(askByUdp(malformed)).isEqualTo(bytes("1234 8181 0000 0000 0000 0000"));
        try (Program program = Program.connect(address())) {
            program.says(framed(malformed)).hearsNoMore();
        }
        assertThat(gateway.hasNoFurtherStream()).isTrue();
    }

    private byte[] askByUdp(byte[] question) throws IOException {
        try (DatagramSocket asker = socket()) {
            asker.send(new DatagramPacket(question, question.length, address()));
            return receive(asker);
        }
    }

    private static byte[] receive(DatagramSocket asker) throws IOException {
        DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
        asker.receive(answer);
        return Arrays.copyOf(answer.getData(), answer.getLength());
    }

    private static DatagramSocket socket() throws IOException {
        DatagramSocket asker = new DatagramSocket();
        asker.setSoTimeout(10_000);
        return asker;
    }

    private InetSocketAddress address() {
        return (InetSocketAddress) door.localAddresses().get(0);
    }

    private static MemoryStream.Site answering(byte[] answer) {
        return new MemoryStream.Site() {
            @Override
            public void opened(MemoryStream stream) {
                stream.accept(MemoryGateway.BOUND);
            }

            @Override
            public void programEnded(MemoryStream stream) {
                stream.say(framed(answer));
                stream.end();
            }
        };
    }

    private static byte[] framed(byte[] message) {
        byte[] framed = new byte[message.length + 2];
        framed[0] = (byte) (message.length >>> 8);
        framed[1] = (byte) message.length;
        System.arraycopy(message, 0, framed, 2, message.length);
        return framed;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}

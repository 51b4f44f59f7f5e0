package holdfast.mtatls.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.mtatls.message.Acknowledgment;
import holdfast.mtatls.message.ChannelCloseConfirmation;
import holdfast.mtatls.message.ChannelCloseRequest;
import holdfast.mtatls.message.ChannelEstablishmentRequest;
import holdfast.mtatls.message.ChannelEstablishmentSuccess;
import holdfast.mtatls.message.ChannelId;
import holdfast.mtatls.message.ChannelRequestEchec;
import holdfast.mtatls.message.Message;
import holdfast.mtatls.message.MessageDecoder;
import holdfast.mtatls.message.MtaTlsPlaintext;
import holdfast.mtatls.message.NewMaxPacketLength;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import holdfast.protocol.Role;
import holdfast.testing.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NoLeaks.class)
final class MultiplexerTest {
    private static final ChannelId FIRST = new ChannelId(0, 1);

    private final Multiplexer gateway = new Multiplexer(Role.GATEWAY);

    @Test
    void aRequestIsGrantedWithAnOddHalf() throws ProtocolException {
        ChannelEvent.Requested request = request(0, "example.com", 80);
        gateway.accept(request.channel());

        assertThat(request.destination()).isEqualTo(Destination.parse("example.com:80"));
        assertThat(sent()).containsExactly(new ChannelEstablishmentSuccess(FIRST, 65536, 8192));
    }

    @ParameterizedTest
    @CsvSource({"::1, [::1]:22", "192.0.2.1, 192.0.2.1:22", "a.example, a.example:22"})
    void addressesAreText(String host, String destination) throws ProtocolException {
        assertThat(request(0, host, 22).destination()).isEqualTo(Destination.parse(destination));
    }

    @ParameterizedTest
    @CsvSource({"0, ''", "0, '/run/x'", "0, 'a:b:c'", "1, example.com"})
    void aRequestThatMeansNothingIsRefused(int half, String host) throws ProtocolException {
        gateway.handle(new ChannelEstablishmentRequest(half, 1000, 1000, "", 0, host, 22));

        assertThat(gateway.pollEvent()).isNull();
        assertThat(sent())
                .singleElement()
                .isInstanceOfSatisfying(
                        ChannelRequestEchec.class,
                        refusal -> assertThat(refusal.error()).startsWith("8 "));
    }

    @Test
    void aHalfThatIsOpenCannotBeAskedForAgain() throws ProtocolException {
        request(0, "example.com", 80);

        assertThatThrownBy(() -> request(0, "example.com", 80)).isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @CsvSource({"CONNECTION_REFUSED, 5", "NAME_NOT_FOUND, 4", "LIMIT_REACHED, 1", "NOT_ALLOWED, 2"})
    void aRefusalStartsWithTheSocksReplyCode(ErrorCode code, String number) throws ProtocolException {
        Multiplexer client = new Multiplexer(Role.CLIENT);
        client.open(Destination.parse("example.com:80"));
        gateway.reject(request(0, "example.com", 80).channel(), code, "no");

        Message refusal = sent().get(0);
        client.handle(refusal);

        assertThat(refusal).isEqualTo(new ChannelRequestEchec(0, number + " no"));
        assertThat(client.pollEvent())
                .isInstanceOfSatisfying(
                        ChannelEvent.Rejected.class,
                        rejected -> assertThat(rejected.code().code()).isEqualTo(Integer.parseInt(number)));
        assertThat(client.count()).isZero();
    }

    @Test
    void dataKeepsToWindowAndPacketAndGoesOnWithAcknowledgments() throws ProtocolException {
        MtaChannel channel = opened(10, 4);
        gateway.write(channel, Unpooled.wrappedBuffer(new byte[25]));

        assertThat(lengths(sent())).containsExactly(4, 4, 2);
        gateway.handle(new Acknowledgment(FIRST, 6));
        assertThat(lengths(sent())).containsExactly(4, 2);
        gateway.handle(new NewMaxPacketLength(FIRST, 100));
        gateway.handle(new Acknowledgment(FIRST, 100));
        assertThat(lengths(sent())).containsExactly(9);
    }

    @Test
    void channelsTakeTurns() throws ProtocolException {
        MtaChannel one = opened(1000, 2);
        MtaChannel other = request(2, "example.com", 80).channel();
        gateway.accept(other);
        sent();
        gateway.write(one, Unpooled.wrappedBuffer(new byte[4]));
        gateway.write(other, Unpooled.wrappedBuffer(new byte[4]));

        assertThat(sent())
                .extracting(each -> ((MtaTlsPlaintext) each).id().sender())
                .containsExactly(0, 2, 0);
    }

    @Test
    void anAcknowledgmentComesWhenHalfTheWindowIsConsumed() throws ProtocolException {
        MtaChannel channel = opened(1000, 1000);
        for (int i = 0; i < 8; i++) {
            gateway.handle(new MtaTlsPlaintext(FIRST, Unpooled.buffer().writeZero(8192)));
        }
        gateway.consumed(channel, 32767);
        assertThat(sent()).isEmpty();

        gateway.consumed(channel, 1);

        // What was consumed, and as much more as the buffer has grown.
        assertThat(sent())
                .containsExactly(new Acknowledgment(FIRST, 32768 + 65536), new NewMaxPacketLength(FIRST, 16384));
        gateway.reset(channel);
    }

    @Test
    void whoSendsMoreThanTheWindowLosesTheChannelOnly() throws ProtocolException {
        opened(1000, 1000);
        for (int i = 0; i < 9; i++) {
            gateway.handle(new MtaTlsPlaintext(FIRST, Unpooled.buffer().writeZero(8192)));
        }

        assertThat(sent()).containsExactly(new ChannelCloseRequest(FIRST));
        assertThat(events()).last().isInstanceOf(ChannelEvent.Reset.class);
    }

    @Test
    void whoSendsMoreThanAPacketLosesTheChannelOnly() throws ProtocolException {
        opened(1000, 1000);
        gateway.handle(new MtaTlsPlaintext(FIRST, Unpooled.buffer().writeZero(8193)));

        assertThat(sent()).containsExactly(new ChannelCloseRequest(FIRST));
    }

    @Test
    void dataForAChannelThatIsNotOpenEndsTheConnection() {
        assertThatThrownBy(() -> gateway.handle(new MtaTlsPlaintext(FIRST, Unpooled.wrappedBuffer(new byte[1]))))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void anAnswerThatWasNotAskedForEndsTheConnection() {
        assertThatThrownBy(() -> gateway.handle(new ChannelRequestEchec(1, "1 no")))
                .isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> gateway.handle(new ChannelEstablishmentSuccess(new ChannelId(1, 0), 1, 1)))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void aWindowThatOverflowsEndsTheChannel() throws ProtocolException {
        opened(0xffff_ffffL, 1000);
        gateway.handle(new Acknowledgment(FIRST, 1));

        assertThat(sent()).containsExactly(new ChannelCloseRequest(FIRST));
    }

    @Test
    void aCloseComesBehindEverythingThatWasWritten() throws ProtocolException {
        MtaChannel channel = opened(3, 100);
        gateway.write(channel, Unpooled.wrappedBuffer(new byte[5]));
        gateway.finish(channel);
        assertThat(lengths(sent())).containsExactly(3);

        gateway.handle(new Acknowledgment(FIRST, 100));

        assertThat(sent()).hasSize(2).last().isEqualTo(new ChannelCloseRequest(FIRST));
        gateway.handle(new ChannelCloseConfirmation(FIRST));
        assertThat(events()).singleElement().isInstanceOf(ChannelEvent.Reset.class);
        assertThat(gateway.count()).isZero();
    }

    @Test
    void whatWasWrittenBeforeACloseCanStillBeRead() throws ProtocolException {
        MtaChannel channel = opened(0, 100);
        gateway.write(channel, Unpooled.wrappedBuffer(new byte[5]));
        gateway.handle(new MtaTlsPlaintext(FIRST, Unpooled.buffer().writeZero(10)));
        gateway.handle(new ChannelCloseRequest(FIRST));

        assertThat(sent()).containsExactly(new ChannelCloseConfirmation(FIRST));
        assertThat(gateway.isEndOfStream(channel)).isFalse();
        ByteBuf read = Objects.requireNonNull(gateway.read(channel));
        assertThat(read.readableBytes()).isEqualTo(10);
        read.release();
        assertThat(gateway.isEndOfStream(channel)).isTrue();
        assertThat(gateway.count()).isZero();
    }

    @Test
    void closesThatCrossAreBothConfirmedAndBothEndInOrder() throws ProtocolException {
        MtaChannel channel = opened(100, 100);
        gateway.finish(channel);
        assertThat(sent()).containsExactly(new ChannelCloseRequest(FIRST));

        gateway.handle(new ChannelCloseRequest(FIRST));
        gateway.handle(new ChannelCloseConfirmation(FIRST));

        assertThat(sent()).containsExactly(new ChannelCloseConfirmation(FIRST));
        assertThat(events()).noneMatch(ChannelEvent.Reset.class::isInstance);
        assertThat(gateway.isEndOfStream(channel)).isTrue();
        assertThat(gateway.count()).isZero();
    }

    @Test
    void halvesAreNotReusedWhileTheyAreOpen() throws ProtocolException {
        Multiplexer client = new Multiplexer(Role.CLIENT);
        MtaChannel kept = Objects.requireNonNull(client.open(Destination.parse("example.com:1")));
        for (int i = 0; i < 40_000; i++) {
            MtaChannel other = Objects.requireNonNull(client.open(Destination.parse("example.com:1")));
            assertThat(other.number()).isEven().isNotEqualTo(kept.number());
            client.handle(new ChannelRequestEchec(other.number(), "5 no"));
        }
        client.end();
    }

    @Test
    void thereAreSoManyChannelsAndNoMore() throws ProtocolException {
        for (int i = 0; i < ChannelTable.MAX_CHANNELS; i++) {
            request(2 * i, "example.com", 80);
        }
        gateway.handle(
                new ChannelEstablishmentRequest(2 * ChannelTable.MAX_CHANNELS, 1000, 1000, "", 0, "example.com", 80));

        assertThat(sent()).singleElement().isInstanceOf(ChannelRequestEchec.class);
    }

    private ChannelEvent.Requested request(int half, String host, int port) throws ProtocolException {
        gateway.handle(new ChannelEstablishmentRequest(half, 1000, 1000, "", 0, host, port));
        return (ChannelEvent.Requested) Objects.requireNonNull(gateway.pollEvent());
    }

    private MtaChannel opened(long window, long packet) throws ProtocolException {
        gateway.handle(new ChannelEstablishmentRequest(0, window, packet, "", 0, "example.com", 80));
        MtaChannel channel = Objects.requireNonNull(gateway.pollEvent()).channel();
        gateway.accept(channel);
        sent();
        return channel;
    }

    private List<ChannelEvent> events() {
        List<ChannelEvent> all = new ArrayList<>();
        for (ChannelEvent each = gateway.pollEvent(); each != null; each = gateway.pollEvent()) {
            all.add(each);
        }
        return all;
    }

    private List<Message> sent() throws ProtocolException {
        ByteBuf out = Unpooled.buffer();
        while (gateway.fill(out, Integer.MAX_VALUE)) {
            assertThat(out.isReadable()).isTrue();
        }
        List<Message> all = new ArrayList<>();
        for (Message each = MessageDecoder.decode(out); each != null; each = MessageDecoder.decode(out)) {
            all.add(
                    each instanceof MtaTlsPlaintext data
                            ? new MtaTlsPlaintext(data.id(), Unpooled.copiedBuffer(data.data()))
                            : each);
            each.release();
        }
        return all;
    }

    private static List<Integer> lengths(List<Message> messages) {
        return messages.stream()
                .map(each -> each.size() - MtaTlsPlaintext.HEAD_BYTES)
                .toList();
    }
}

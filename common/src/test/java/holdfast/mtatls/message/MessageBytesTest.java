package holdfast.mtatls.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.protocol.ProtocolException;
import holdfast.testing.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(NoLeaks.class)
final class MessageBytesTest {
    private record Sample(Message message, String hex) {
        byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }

        @Override
        public String toString() {
            return message.getClass().getSimpleName();
        }
    }

    static List<Sample> samples() {
        return List.of(
                sample(
                        new ChannelEstablishmentRequest(2, 65536, 8192, "::1", 9, "a.example", 443),
                        "01", // type
                        "001e", // length: what follows
                        "0002", // sender_channel_id
                        "00010000", // sender_window_length
                        "00002000", // sender_max_packet_length
                        "0003 3a3a31", // source_address_machine, behind its length
                        "0009", // source_port
                        "0009 612e6578616d706c65", // destination_address_machine, behind its length
                        "01bb"), // destination_port
                sample(
                        new ChannelEstablishmentRequest(0xfffe, 0xffff_ffffL, 1, "", 0, "192.0.2.1", 65535),
                        "01", // type
                        "001b", // length
                        "fffe", // sender_channel_id
                        "ffffffff", // sender_window_length
                        "00000001", // sender_max_packet_length
                        "0000", // source_address_machine: not told
                        "0000", // source_port
                        "0009 3139322e302e322e31", // destination_address_machine
                        "ffff"), // destination_port
                sample(
                        new ChannelEstablishmentSuccess(new ChannelId(2, 3), 65536, 16384),
                        "02", // type
                        "000c", // length
                        "0002", // sender_channel_id
                        "0003", // receiver_channel_id
                        "00010000", // receiver_window_length
                        "00004000"), // receiver_max_packet_length
                sample(
                        new ChannelRequestEchec(2, "5 no"),
                        "03", // type
                        "0008", // length
                        "0002", // sender_channel_id
                        "0004 35206e6f"), // error, behind its length
                sample(
                        new ChannelCloseRequest(new ChannelId(2, 3)),
                        "04", // type
                        "0004", // length
                        "00020003"), // channel_id
                sample(
                        new ChannelCloseConfirmation(new ChannelId(2, 3)),
                        "05", // type
                        "0004", // length
                        "00020003"), // channel_id
                sample(
                        new MtaTlsPlaintext(
                                new ChannelId(2, 3),
                                Unpooled.unreleasableBuffer(
                                        Unpooled.wrappedBuffer("hello".getBytes(StandardCharsets.UTF_8)))),
                        "06", // type
                        "00000005", // length: of the data only
                        "00020003", // channel_id
                        "68656c6c6f"), // data
                sample(
                        new NewMaxPacketLength(new ChannelId(2, 3), 16384),
                        "07", // type
                        "0008", // length
                        "00020003", // channel_id
                        "00004000"), // max_packet_length
                sample(
                        new Acknowledgment(new ChannelId(0xfffe, 0xffff), 32768),
                        "08", // type
                        "0008", // length
                        "fffeffff", // channel_id
                        "00008000")); // free_space
    }

    private static Sample sample(Message message, String... fields) {
        return new Sample(message, String.join("", fields).replace(" ", ""));
    }

    static Stream<Sample> eachSample() {
        return samples().stream();
    }

    @ParameterizedTest
    @MethodSource("eachSample")
    void isWrittenByteForByte(Sample sample) {
        ByteBuf out = Unpooled.buffer();

        sample.message().write(out);

        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(HexFormat.of().formatHex(sample.bytes()));
        assertThat(out.readableBytes()).isEqualTo(sample.message().size());
    }

    @ParameterizedTest
    @MethodSource("eachSample")
    void isReadAsItWasWritten(Sample sample) throws ProtocolException {
        ByteBuf in = Unpooled.wrappedBuffer(sample.bytes(), new byte[] {99});

        Message read = Objects.requireNonNull(MessageDecoder.decode(in));

        assertThat(read).isEqualTo(sample.message());
        assertThat(in.readableBytes()).as("what follows is left").isEqualTo(1);
        read.release();
    }

    @ParameterizedTest
    @MethodSource("eachSample")
    void aPartOfItIsWaitedForAtEveryLength(Sample sample) throws ProtocolException {
        byte[] whole = sample.bytes();
        for (int length = 0; length < whole.length; length++) {
            ByteBuf in = Unpooled.wrappedBuffer(whole, 0, length);

            assertThat(MessageDecoder.decode(in)).as("%d bytes", length).isNull();
            assertThat(in.readableBytes()).as("nothing is taken").isEqualTo(length);
        }
    }

    @ParameterizedTest
    @MethodSource("eachSample")
    void aLengthThatCutsItShortIsRefused(Sample sample) {
        if (sample.message() instanceof MtaTlsPlaintext) {
            return;
        }
        byte[] whole = sample.bytes();
        int length = whole.length - Message.HEADER_BYTES;
        for (int wrong = 0; wrong < length; wrong++) {
            byte[] bytes = whole.clone();
            bytes[1] = (byte) (wrong >> 8);
            bytes[2] = (byte) wrong;

            assertThatThrownBy(() -> MessageDecoder.decode(Unpooled.wrappedBuffer(bytes)))
                    .as("length %d instead of %d", wrong, length)
                    .isInstanceOf(ProtocolException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "00, 'type 0 is none of 1 to 8'",
        "09, 'type 9 is none of 1 to 8'",
        "ff, 'type 255 is none of 1 to 8'",
        // A data message that is too long, seen before any of it is here.
        "0600004001, 'a data message of 16385 bytes'",
        "06ffffffff, 'a data message of 4294967295 bytes'",
        // A fixed message whose length is not its own.
        "02000d, 'type 2 has length 13, 12 is expected'",
        "080009, 'type 8 has length 9, 8 is expected'",
        // A request whose source reaches beyond the message.
        "010010 0002 00010000 00002000 ffff 0009 0000, 'source_address_machine has 65535 bytes'",
        // A refusal with bytes behind its text.
        "030006 0002 0001 35 00, 'has 1 bytes too many'",
        // A refusal that is not UTF-8.
        "030005 0002 0001 ff, 'error is not UTF-8'"
    })
    void whatIsNoMessageIsRefused(String hex, String text) {
        ByteBuf in = Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));

        assertThatThrownBy(() -> MessageDecoder.decode(in))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(text);
    }

    @Test
    void theLongestRefusalFits() throws ProtocolException {
        ChannelRequestEchec longest = new ChannelRequestEchec(1, "x".repeat(ChannelRequestEchec.MAX_ERROR_BYTES));
        ByteBuf out = Unpooled.buffer();

        longest.write(out);

        assertThat(MessageDecoder.decode(out)).isEqualTo(longest);
    }
}

package holdfast.client.opening;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.client.fixture.MemoryGateway;
import holdfast.client.fixture.MemoryStream;
import holdfast.client.fixture.Program;
import holdfast.client.fixture.Sites;
import holdfast.client.fixture.TestDoor;
import holdfast.protocol.ErrorCode;
import holdfast.transport.TransportKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fast and confirmed openings, told by SOCKS5. */
final class OpeningTest {
    private static final int[] FAST_REPLY = {5, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    private static final int[] CONFIRMED_REPLY = {5, 0, 5, 0, 0, 1, 192, 0, 2, 10, 0x9c, 0x41};

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void aFastOpeningIsAnsweredAtOnceAndCarriesTheFirstBytes(TransportKind kind)
            throws IOException, InterruptedException {
        try (TestDoor door = TestDoor.open(OpenMode.FAST, kind);
                Program program = door.program()) {
            door.gateway().site("site.test:443", Sites.silent());

            program.says(request("site.test", 443, "first")).hears(FAST_REPLY);

            MemoryStream stream = door.gateway().awaitStream();
            assertThat(stream.firstBytes()).isEqualTo("first");
            program.says(" second");
            stream.awaitReceived("first second");
        }
    }

    @Test
    void whatIsSaidRightBehindTheReplyRidesInOpenToo() throws IOException, InterruptedException {
        try (TestDoor door = TestDoor.open(OpenMode.FAST)) {
            door.gateway().site("site.test:443", Sites.echo());
            int rode = 0;
            for (int i = 0; i < 500 && rode == 0; i++) {
                try (Program program = door.program()) {
                    program.says(request("site.test", 443, ""))
                            .hears(FAST_REPLY)
                            .says("hello")
                            .hears("hello");
                    rode += door.gateway().awaitStream().firstBytes().equals("hello") ? 1 : 0;
                }
            }

            assertThat(rode).isPositive(); // on a busy machine not the first time
        }
    }

    @Test
    void aProgramThatWaitsForTheOtherEndIsNotKeptWaiting() throws IOException, InterruptedException {
        try (TestDoor door = TestDoor.open(OpenMode.FAST);
                Program program = door.program()) {
            door.gateway().site("site.test:22", Sites.greeter("SSH-2.0-x\r\n"));

            program.says(request("site.test", 22, "")).hears(FAST_REPLY).hears("SSH-2.0-x\r\n");

            assertThat(door.gateway().awaitStream().firstBytes()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15_360, 15_361, 16_384, 100_000, 1_000_000})
    void manyFirstBytesArriveInOrderAndOpenTakesNoMoreThanAFrameHolds(int count)
            throws IOException, InterruptedException {
        String bytes = "0123456789".repeat(count / 10 + 1).substring(0, count);
        for (OpenMode mode : new OpenMode[] {OpenMode.FAST, OpenMode.CONFIRM}) {
            try (TestDoor door = TestDoor.open(mode);
                    Program program = door.program()) {
                door.gateway().site("site.test:443", Sites.answersAtTheEnd("done"));

                program.says(request("site.test", 443, bytes)).endsItsHalf();
                program.read(FAST_REPLY.length);
                program.hears("done").hearsTheEnd();

                MemoryStream stream = door.gateway().awaitStream();
                assertThat(stream.received()).isEqualTo(bytes);
                assertThat(stream.firstBytes().length()).isBetween(1, Opening.FIRST_BYTES_LIMIT);
            }
        }
    }

    @Test
    void aFailureBehindAFastReplyIsAReset() throws IOException {
        for (ErrorCode code :
                new ErrorCode[] {ErrorCode.NOT_ALLOWED, ErrorCode.CONNECTION_REFUSED, ErrorCode.TIMED_OUT}) {
            try (TestDoor door = TestDoor.open(OpenMode.FAST);
                    Program program = door.program()) {
                door.gateway().site("site.test:443", Sites.rejecting(code));

                program.says(request("site.test", 443, "hello"))
                        .hears(FAST_REPLY)
                        .hearsAReset();
            }
        }
    }

    @Test
    void aProgramThatVanishesBehindAFastReplyGivesItsStreamUp() throws IOException, InterruptedException {
        try (TestDoor door = TestDoor.open(OpenMode.FAST);
                Program program = door.program()) {
            door.gateway().site("site.test:443", Sites.silent());
            program.says(request("site.test", 443, "hello")).hears(FAST_REPLY);
            MemoryStream stream = door.gateway().awaitStream();

            program.vanishes();

            stream.awaitOver();
            assertThat(stream.resetCode()).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void aProgramThatSaysNothingAndEndsItsHalfGetsItsStreamAndItsEnd(TransportKind kind)
            throws IOException, InterruptedException {
        for (OpenMode mode : new OpenMode[] {OpenMode.FAST, OpenMode.CONFIRM}) {
            try (TestDoor door = TestDoor.open(mode, kind);
                    Program program = door.program()) {
                door.gateway().site("site.test:443", Sites.answersAtTheEnd("all of it"));

                program.says(request("site.test", 443, "")).endsItsHalf();
                program.read(FAST_REPLY.length);

                program.hears("all of it").hearsTheEnd();
                door.gateway().awaitStream().awaitOver();
            }
        }
    }

    @Test
    void aConfirmedOpeningIsAnsweredOnlyWhenTheGatewayAccepts() throws IOException, InterruptedException {
        try (TestDoor door = TestDoor.open(OpenMode.CONFIRM);
                Program program = door.program()) {
            door.gateway().site("site.test:443", Sites.silent());
            program.says(request("site.test", 443, "hello")).hears(5, 0);
            MemoryStream stream = door.gateway().awaitStream();
            stream.awaitReceived("hello");
            assertThat(program.socket().getInputStream().available()).isZero();

            stream.atTheSite(() -> {
                stream.accept(MemoryGateway.BOUND);
                stream.say("and hello");
            });

            program.hears(Arrays.copyOfRange(CONFIRMED_REPLY, 2, 12)).hears("and hello");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "site.test, 80, true",
        "site.test, 443, true",
        "site.test, 8080, true",
        "site.test, 8443, true",
        "site.test, 22, false",
        "site.test, 25, false",
        "site.test, 8081, false",
        "127.0.0.1, 443, false",
        "::1, 80, false",
    })
    void autoIsFastForNamesOnPortsWhereTheProgramSpeaksFirst(String host, int port, boolean fast) throws IOException {
        try (TestDoor door = TestDoor.open(OpenMode.AUTO);
                Program program = door.program()) {
            String site = host.equals("::1") ? "[0:0:0:0:0:0:0:1]" : host;
            door.gateway().site(site + ":" + port, Sites.echo());

            program.says(request(host, port, "hello"))
                    .hears(fast ? FAST_REPLY : CONFIRMED_REPLY)
                    .hears("hello");
        }
    }

    @ParameterizedTest
    @EnumSource(OpenMode.class)
    void withoutAPathTheFailureIsToldInEveryMode(OpenMode mode) throws IOException {
        try (TestDoor door = TestDoor.open(mode);
                Program program = door.program()) {
            door.gateway().losePath();

            program.says(request("site.test", 443, "hello"))
                    .hears(5, 0, 5, 1, 0, 1, 0, 0, 0, 0, 0, 0)
                    .hearsTheEnd();
        }
    }

    @ParameterizedTest
    @EnumSource(OpenMode.class)
    void anOpenerMayAnswerWithinTheCall(OpenMode mode) throws IOException {
        try (TestDoor door = TestDoor.open(mode);
                Program program = door.program();
                Program unlucky = door.program()) {
            door.gateway().answerWithinTheCall();
            door.gateway().site("site.test:7", Sites.echo());

            program.says(request("site.test", 7, "hello"));
            program.read(FAST_REPLY.length);
            program.hears("hello").endsItsHalf().hearsTheEnd();

            door.gateway().losePath();
            unlucky.says(request("site.test", 7, "hello"))
                    .hears(5, 0, 5, 1, 0, 1, 0, 0, 0, 0, 0, 0)
                    .hearsTheEnd();
        }
    }

    @Test
    void aProgramThatVanishesWhileItWaitsGivesItsStreamUp() throws IOException, InterruptedException {
        try (TestDoor door = TestDoor.open(OpenMode.CONFIRM);
                Program program = door.program()) {
            door.gateway().site("site.test:443", Sites.silent());
            program.says(request("site.test", 443, "hello")).hears(5, 0);
            MemoryStream stream = door.gateway().awaitStream();

            program.vanishes();
            stream.atTheSite(
                    () -> stream.accept(MemoryGateway.BOUND)); // without epoll it is only now that anybody looks

            stream.awaitOver();
            assertThat(stream.resetCode()).isNotNull();
        }
    }

    private static byte[] request(String host, int port, String early) {
        byte[] name = host.getBytes(StandardCharsets.US_ASCII);
        byte[] head = {5, 1, 0, 5, 1, 0, 3, (byte) name.length};
        byte[] tail = early.getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + name.length + 2 + tail.length);
        System.arraycopy(name, 0, all, head.length, name.length);
        all[head.length + name.length] = (byte) (port >> 8);
        all[head.length + name.length + 1] = (byte) port;
        System.arraycopy(tail, 0, all, all.length - tail.length, tail.length);
        return all;
    }
}

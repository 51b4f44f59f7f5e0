package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.Background;
import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.HostileNameServer;
import holdfast.itest.harness.PatternClient;
import holdfast.itest.harness.PatternDestination;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Socks;
import holdfast.itest.harness.TestBed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gateway's own name server fails, is silent, lies or changes its mind; what programs see of it are the reply codes of RFC 1928, in time. */
class NameFaultsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int NOT_ALLOWED = 2;
    private static final int TIMED_OUT = 6;
    private static final int SERVFAIL = 2;
    private static final String ALLOWED = "127.0.0.1";

    /** Of this machine, but no rule of the gateway's opens it. */
    private static final String FORBIDDEN = "127.66.0.1";

    private static Path folder;
    private static HostileNameServer names;
    private static TestBed bed;
    private static PatternDestination destination;

    @BeforeAll
    static void start() throws Exception {
        folder = Files.createTempDirectory("holdfast-names");
        names = new HostileNameServer()
                .on("good", (question, times) -> question.addresses(List.of(ALLOWED)))
                .on("servfail", (question, times) -> question.code(SERVFAIL))
                .on("silent", (question, times) -> null)
                .on("empty", (question, times) -> question.addresses(List.of()))
                .on(
                        "circle",
                        (question, times) -> question.alias(question.name().replaceAll("\\.$", "")))
                .on("garbage", (question, times) -> new byte[] {1, 2, 3})
                .on(
                        "brokensix",
                        (question, times) ->
                                question.type() == 1 ? question.addresses(List.of(ALLOWED)) : question.code(SERVFAIL))
                .on("thousand", (question, times) -> question.addresses(thousand(FORBIDDEN, ALLOWED)))
                .on("thousandforbidden", (question, times) -> question.addresses(thousand(FORBIDDEN, FORBIDDEN)))
                .on("both", (question, times) -> question.addresses(List.of(FORBIDDEN, ALLOWED)))
                .on("rebind", (question, times) -> question.addresses(List.of(times % 2 == 1 ? ALLOWED : FORBIDDEN)));
        bed = TestBed.plain().gatewayUnder(names.asked(folder));
        bed.start();
        // Again, so that each connection asks the server: nothing is remembered that could hide a change.
        bed.gateway().stop();
        bed.startGateway(Map.of(
                "HOLDFAST_JAVA_OPTS",
                "-Dio.netty.leakDetection.level=simple -Dsun.net.inetaddr.ttl=0 -Dsun.net.inetaddr.negative.ttl=0"));
        destination = new PatternDestination();
    }

    @AfterAll
    static void stop() throws Exception {
        destination.close();
        bed.stop();
        names.close();
        TestBed.delete(folder);
    }

    @AfterEach
    void everyByteWasRight() {
        destination.assertNothingWrong();
    }

    /** 999 times the one and once, at the end, the other. */
    private static List<String> thousand(String many, String last) {
        return Stream.concat(
                        IntStream.range(0, 999)
                                .mapToObj(i -> many.equals(FORBIDDEN) ? "127.66." + i / 250 + "." + i % 250 : many),
                        Stream.of(last))
                .toList();
    }

    private static int reply(Socks socks, String name) {
        try (Socket socket = socks.connect(name, destination.address().getPort())) {
            assertThat(socket.isConnected()).isTrue();
            return 0;
        } catch (Socks.Refused refused) {
            return refused.reply();
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "good.test, 0",
        "no-such-name.test, 4",
        "servfail.test, 4",
        "empty.test, 4",
        "circle.test, 4",
        "brokensix.test, 0",
        "both.test, 0",
        "thousand.test, 0",
        "thousandforbidden.test, 2",
        "silent.test, 6",
        "garbage.test, 4",
    })
    void everyFaultHasItsCode(String name, int code) {
        assertThat(reply(bed.socks(), name)).isEqualTo(code);
    }

    @Test
    void aNameThatChangesToAForbiddenAddressNeverLeadsThere() throws Exception {
        try (ServerSocket inner =
                new ServerSocket(destination.address().getPort(), 50, InetAddress.getByName(FORBIDDEN))) {
            int connected = 0;
            for (int i = 0; i < 400; i++) {
                int code = reply(bed.socks(), "rebind" + i % 8 + ".test");
                assertThat(code).isIn(0, NOT_ALLOWED);
                connected += code == 0 ? 1 : 0;
            }

            assertThat(connected)
                    .as("how often the address was the allowed one")
                    .isBetween(100, 300);
            inner.setSoTimeout(1);
            assertThatThrownBy(inner::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void whileOneUserWaitsForHundredsOfNamesAnotherIsServed() throws Exception {
        Path home = bed.folder().resolve("bob");
        bed.login(home, "bob");
        int port = Ports.free();
        try (Daemon second = bed.startFurtherClient("bob", home, port);
                Socket before =
                        bed.socks().connect("good.test", destination.address().getPort())) {
            assertThat(second.isAlive()).isTrue();
            List<Background> slow = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                String name = "silent" + i + ".test";
                slow.add(Background.run(
                        () -> assertThat(reply(bed.socks(), name)).isIn(1, TIMED_OUT)));
            }
            new PatternClient(before).beginEcho().ping(1000);

            assertThat(reply(new Socks(port), "good.test")).isZero();
            assertThat(reply(new Socks(port), "no-such-name.test")).isEqualTo(4);
            for (Background each : slow) {
                each.await(LIMIT);
            }
            Await.until("who asked too much is served again", LIMIT, () -> reply(bed.socks(), "good.test") == 0);
        }
    }
}

package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.PatternClient;
import holdfast.itest.harness.PatternDestination;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.Socks;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A gateway without files to open: what is open goes on, what is new is refused, nothing spins, and it ends when there are files again. */
class FilesRunOutTest {
    private static final int GENERAL_FAILURE = 1;
    private static final int FILES = 300;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofSeconds(3);
    private static final double TICKS_PER_SECOND = 100;

    @RegisterExtension
    static final TestBed BED =
            TestBed.plain().gatewayUnder(List.of(Tools.require("prlimit"), "--nofile=" + FILES, "--"));

    private final List<PatternClient> open = new ArrayList<>();

    /** Opens connections until there are this many, or one is refused, and gives the code of that. */
    private int openUntilRefused(PatternDestination destination, int most) throws IOException {
        while (open.size() < most) {
            try {
                open.add(new PatternClient(BED.socks().connect(destination.address())).beginEcho());
            } catch (Socks.Refused refused) {
                return refused.reply();
            }
        }
        return 0;
    }

    private void allGoOn() throws IOException {
        for (PatternClient each : open) {
            each.ping(100);
        }
    }

    private static void setLimit(long files) throws Exception {
        // The soft limit alone can be raised again by nobody but root, who this is in CI anyway.
        Program.run("prlimit", "--pid", Long.toString(BED.gateway().pid()), "--nofile=" + files + ":" + FILES)
                .ok();
    }

    /** With this as its limit a process cannot open anything: the limit is about the number of a file, not about how many there are. */
    private static long lowestFreeFile() {
        Path folder = Path.of("/proc/" + BED.gateway().pid() + "/fd");
        return LongStream.iterate(0, i -> i + 1)
                .filter(i -> !Files.exists(folder.resolve(Long.toString(i)), LinkOption.NOFOLLOW_LINKS))
                .findFirst()
                .orElseThrow();
    }

    private static double processorSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + BED.gateway().pid() + "/stat"));
        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(words[11]) + Long.parseLong(words[12])) / TICKS_PER_SECOND;
    }

    @Test
    void whatIsOpenGoesOnAndWhatIsNewComesBackWithTheFiles() throws Exception {
        try (PatternDestination destination = new PatternDestination()) {
            assertThatThrownBy(() -> BED.socks().connect("127.0.0.1", Ports.free()))
                    .hasMessage("SOCKS reply 5");
            assertThat(openUntilRefused(destination, FILES)).isEqualTo(GENERAL_FAILURE);
            assertThat(open).hasSizeGreaterThan(50);
            allGoOn();
            // The limit of streams leaves files for the status, for logins and for joins.
            assertThat(BED.gatewayStatus()).isNotNull();
            BED.login(BED.folder().resolve("bob"), "bob");

            for (int i = 0; i < 10; i++) {
                open.remove(open.size() - 1).close();
            }
            Await.until("ten are closed at the gateway", LIMIT, () -> destination.open() == open.size());
            setLimit(lowestFreeFile());
            List<Socket> waiting = new ArrayList<>();
            try {
                for (int i = 0; i < 5; i++) {
                    waiting.add(new Socket(InetAddress.getLoopbackAddress(), BED.gatewayPort()));
                }
                assertThat(openUntilRefused(destination, open.size() + 1)).isEqualTo(GENERAL_FAILURE);
                double spent = processorSeconds();
                Thread.sleep(LOOK.toMillis());
                spent = processorSeconds() - spent;
                allGoOn();

                assertThat(spent / LOOK.toSeconds())
                        .as("processors used while nothing can be accepted")
                        .isLessThan(0.25);
                assertThat(BED.gateway().isAlive()).isTrue();
            } finally {
                for (Socket each : waiting) {
                    each.close();
                }
            }

            setLimit(FILES);
            long relief = System.nanoTime();
            Await.until(
                    "new connections are made again", LIMIT, () -> openUntilRefused(destination, open.size() + 1) == 0);
            BED.login(BED.folder().resolve("carol"), "carol");
            System.out.printf(
                    "files: a connection and a login %d ms after there were files again%n",
                    Duration.ofNanos(System.nanoTime() - relief).toMillis());
            allGoOn();
            for (PatternClient each : open) {
                each.close();
            }
            destination.assertNothingWrong();
        }
    }
}

package holdfast.server.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.identity.Pin;
import holdfast.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InvitationsTest {
    private static final Duration DAY = Duration.ofHours(24);

    @TempDir
    Path home;

    private final TestClock clock = new TestClock();
    private UserDirectory users;
    private Invitations invitations;

    @BeforeEach
    void open() throws IOException {
        users = new UserDirectory(home.resolve("users"));
        invitations = invitations(users);
    }

    @Test
    void aCodeMakesAKeyTheUsers() throws IOException {
        Invitations.Code code = invitations.create("alice", DAY, 1);

        assertThat(code.code()).matches("[A-Za-z0-9_-]{22}");
        assertThat(code.expiry()).isEqualTo(clock.now.plus(DAY));
        assertThat(invitations.consume(code.code(), key(1), "laptop")).contains("alice");
        assertThat(users.lastKnownUserOf(key(1))).contains("alice");
        assertThat(users.user("alice").orElseThrow().devices())
                .containsExactly(new Device(key(1), "laptop", Optional.of(clock.now)));
    }

    @Test
    void onlyAHashOfTheCodeIsStored() throws IOException {
        Invitations.Code code = invitations.create("alice", DAY, 1);

        List<Path> files = files();
        assertThat(files).hasSize(1);
        assertThat(files.get(0).getFileName().toString()).matches("[0-9a-f]{64}");
        assertThat(Files.readString(files.get(0))).doesNotContain(code.code()).startsWith("user alice\n");
        assertThat(Files.getPosixFilePermissions(files.get(0))).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(code.toString()).doesNotContain(code.code());
    }

    @Test
    void aCodeWorksOnce() throws IOException {
        String code = invitations.create("alice", DAY, 1).code();

        assertThat(invitations.consume(code, key(1), "")).contains("alice");
        assertThat(invitations.consume(code, key(2), "")).isEmpty();

        assertThat(users.userOf(key(2))).isEmpty();
    }

    @Test
    void theSameKeyMayAskAgainBecauseTheAnswerMayHaveBeenLost() throws IOException {
        String code = invitations.create("alice", DAY, 1).code();
        invitations.consume(code, key(1), "");

        assertThat(invitations.consume(code, key(1), "")).contains("alice");

        assertThat(users.user("alice").orElseThrow().devices()).hasSize(1);
    }

    @Test
    void askingAgainDoesNotBringBackAKeyThatWasTakenAway() throws IOException {
        String code = invitations.create("alice", DAY, 5).code();
        invitations.consume(code, key(1), "");
        users.remove("alice");

        assertThat(invitations.consume(code, key(1), "")).isEmpty();

        assertThat(users.userOf(key(1))).isEmpty();
    }

    @Test
    void aCodeForSeveralKeysWorksAsOftenAsItSays() throws IOException {
        String code = invitations.create("alice", DAY, 3).code();

        for (int i = 1; i <= 3; i++) {
            assertThat(invitations.consume(code, key(i), "")).contains("alice");
        }
        assertThat(invitations.consume(code, key(4), "")).isEmpty();
    }

    @Test
    void aCodeStopsWorkingAtItsExpiry() throws IOException {
        String early = invitations.create("alice", DAY, 1).code();
        String late = invitations.create("alice", DAY, 1).code();

        clock.now = clock.now.plus(DAY).minusMillis(1);
        assertThat(invitations.consume(early, key(1), "")).contains("alice");
        clock.now = clock.now.plusMillis(1);
        assertThat(invitations.consume(late, key(2), "")).isEmpty();
        assertThat(invitations.consume(early, key(1), "")).isEmpty();
    }

    @Test
    void expiredCodesAreSweptAwayWhenANewOneIsMade() throws IOException {
        invitations.create("alice", DAY, 1);
        clock.now = clock.now.plus(DAY);

        invitations.create("bob", DAY, 1);

        assertThat(files()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "AAAAAAAAAAAAAAAAAAAAAA", "../users/alice.keys", "a b", "\u0000", "é"})
    void anUnknownCodeIsRefused(String code) throws IOException {
        invitations.create("alice", DAY, 1);

        assertThat(invitations.consume(code, key(1), "")).isEmpty();
        assertThat(invitations.consume("x".repeat(100_000), key(1), "")).isEmpty();
    }

    @Test
    void aCodeForADisabledUserWaitsUntilHeIsEnabled() throws IOException {
        invitations.consume(invitations.create("alice", DAY, 1).code(), key(1), "");
        String code = invitations.create("alice", DAY, 1).code();
        users.setDisabled("alice", true);
        assertThat(invitations.consume(code, key(2), "")).isEmpty();

        users.setDisabled("alice", false);

        assertThat(invitations.consume(code, key(2), "")).contains("alice");
    }

    @Test
    void aKeyOfSomebodyElseDoesNotUseUpTheCode() throws IOException {
        users.enrol("bob", key(1), "", clock.now);
        String code = invitations.create("alice", DAY, 1).code();

        assertThat(invitations.consume(code, key(1), "")).isEmpty();

        assertThat(users.userOf(key(1))).contains("bob");
        assertThat(invitations.consume(code, key(2), "")).contains("alice");
    }

    @Test
    void theCodesOfAUserCanBeRevoked() throws IOException {
        String alices = invitations.create("alice", DAY, 1).code();
        String bobs = invitations.create("bob", DAY, 1).code();

        invitations.revoke("alice");

        assertThat(invitations.consume(alices, key(1), "")).isEmpty();
        assertThat(invitations.consume(bobs, key(2), "")).contains("bob");
    }

    @Test
    void aDamagedOrOpenFileWorksForNobody() throws IOException {
        String code = invitations.create("alice", DAY, 1).code();
        Path file = files().get(0);
        String text = Files.readString(file);

        for (String damaged : new String[] {
            "",
            "user alice\n",
            text.replace("uses 1", "uses 0"),
            text.replace("alice", "../x"),
            text + "x\n",
            text.replace("expires", "until")
        }) {
            Files.writeString(file, damaged);
            assertThat(invitations.consume(code, key(1), "")).as(damaged).isEmpty();
        }
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
        assertThat(invitations.consume(code, key(1), "")).isEmpty();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(invitations.consume(code, key(1), "")).contains("alice");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 10_001})
    void aSillyNumberOfUsesIsRefused(int uses) {
        assertThatThrownBy(() -> invitations.create("alice", DAY, uses)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void amongManyThreadsAndTwoDirectoriesACodeWorksOnce() throws Exception {
        List<Invitations> both = List.of(invitations, invitations(new UserDirectory(home.resolve("users"))));
        ExecutorService threads = Executors.newFixedThreadPool(32);
        try {
            for (int round = 0; round < 10; round++) {
                String code = invitations.create("alice", DAY, 1).code();
                CyclicBarrier start = new CyclicBarrier(32);
                List<Future<Optional<String>>> attempts = new ArrayList<>();
                for (int i = 0; i < 32; i++) {
                    Pin key = key(1000 * round + i);
                    Invitations mine = both.get(i % 2);
                    attempts.add(threads.submit(() -> {
                        start.await();
                        return mine.consume(code, key, "");
                    }));
                }
                int successes = 0;
                for (Future<Optional<String>> each : attempts) {
                    successes += each.get().isPresent() ? 1 : 0;
                }
                assertThat(successes).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(users.user("alice").orElseThrow().devices()).hasSize(10);
    }

    @Test
    void amongSeveralProcessesACodeWorksAsOftenAsItSays() throws Exception {
        String code = invitations.create("alice", DAY, 50).code();
        List<ChildJvm> processes = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                processes.add(ChildJvm.start(Consumer.class, home.toString(), code, String.valueOf(1000 * i)));
            }
            int successes = 0;
            for (ChildJvm each : processes) {
                successes += Integer.parseInt(each.readLine());
            }
            assertThat(successes).isEqualTo(50);
        } finally {
            processes.forEach(ChildJvm::close);
        }
        assertThat(users.user("alice").orElseThrow().devices()).hasSize(50);
    }

    /** Tries 40 keys and prints how many were taken. */
    static final class Consumer {
        private Consumer() {}

        public static void main(String[] arguments) throws IOException {
            Path home = Path.of(arguments[0]);
            Invitations invitations = new Invitations(
                    home.resolve("invitations"),
                    new UserDirectory(home.resolve("users")),
                    new TestClock(),
                    new SecureRandom());
            int first = Integer.parseInt(arguments[2]);
            int successes = 0;
            for (int i = 0; i < 40; i++) {
                successes +=
                        invitations.consume(arguments[1], key(first + i), "").isPresent() ? 1 : 0;
            }
            System.out.println(successes);
        }
    }

    /** Stands still until it is set. */
    private static final class TestClock extends Clock {
        private Instant now = Instant.parse("2026-11-21T09:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private Invitations invitations(UserDirectory directory) throws IOException {
        return new Invitations(home.resolve("invitations"), directory, clock, new SecureRandom());
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(home.resolve("invitations"))) {
            entries.forEach(files::add);
        }
        return files;
    }

    private static Pin key(int number) {
        return Pin.of(new byte[] {(byte) number, (byte) (number >> 8)});
    }
}

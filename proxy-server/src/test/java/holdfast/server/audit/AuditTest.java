package holdfast.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every event is one line, whatever it is about and whatever the disk does. */
final class AuditTest {
    private static final String NASTY = "evil\r\n{\"event\":\"stream\"}\u001b[2J\u202e${jndi:ldap://x}";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void anEventIsOneLineThatItsOwnerAloneCanRead() throws IOException {
        try (Audit audit = Audit.start(settings(folder.resolve("audit.log"), false, 1 << 20, 3))) {
            StreamEntry entry = new StreamEntry(audit, "alice", "0a0b", "connect", NASTY);
            entry.reached("192.0.2.1:80");
            entry.sent(10);
            entry.received(20);
            entry.over("NONE", "both ends have finished");
            entry.over("INTERNAL", "a second time");
        }

        List<String> lines = Files.readAllLines(folder.resolve("audit.log"));
        assertThat(lines).singleElement().asString().matches("\\p{ASCII}*").contains("\\u001b[2J\\u202e${jndi");
        assertThat(lines.get(0))
                .contains("\"event\":\"stream\"", "\"user\":\"alice\"", "\"session\":\"0a0b\"", "\"verb\":\"connect\"")
                .contains("\"address\":\"192.0.2.1:80\"", "\"result\":\"NONE\"", "\"up\":10", "\"down\":20", "\"ms\":");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("audit.log"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aLongFileIsExchangedAndTheOldestForgotten() throws IOException {
        Path file = folder.resolve("audit.log");
        try (Audit audit = Audit.start(settings(file, false, 1000, 2))) {
            for (int i = 0; i < 50; i++) {
                int line = i;
                audit.write("refused", Audit.field("number", i), Audit.field("what", "x".repeat(300)));
                await(() -> holds(file, folder, "\"number\":" + line + ","));
            }
        }

        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("audit.log", "audit.log.1", "audit.log.2");
        assertThat(Files.size(folder.resolve("audit.log.1"))).isBetween(1000L, 2000L);
    }

    @Test
    void aFullDiskLosesLinesAndCountsThemWhereServingGoesFirst() {
        try (Audit audit = Audit.start(settings(Path.of("/dev/full"), false, 1 << 20, 3))) {
            audit.write("refused", Audit.field("what", "login"));
            audit.write("refused", Audit.field("what", "login"));

            await(() -> audit.lost() == 2);
            assertThat(audit.isStuck()).isFalse();
        }
    }

    @Test
    void aFullDiskStopsServiceWhereTheAuditGoesFirstAndNoLineIsLost() throws IOException {
        Path disk = folder.resolve("disk");
        Path file = disk.resolve("audit.log");
        try (Audit audit = Audit.start(settings(file, true, 1 << 20, 3))) {
            audit.write("refused", Audit.field("what", "first"));
            await(audit::isStuck);
            audit.write("refused", Audit.field("what", "second"));
            assertThat(audit.lost()).isZero();

            Files.createDirectory(disk);

            await(() -> !audit.isStuck());
            await(() -> holds(file, disk, "second"));
            assertThat(Files.readAllLines(file)).hasSize(2);
            assertThat(audit.lost()).isZero();
        }
    }

    @Test
    void whoWritesNeverWaitsHoweverLongTheDiskTakes() {
        Path nowhere = folder.resolve("missing").resolve("audit.log");
        try (Audit audit = Audit.start(settings(nowhere, true, 1 << 20, 3))) {
            for (int i = 0; i < 100_000; i++) {
                audit.write("refused", Audit.field("what", "x".repeat(100)));
            }

            assertThat(audit.isStuck()).isTrue();
            assertThat(audit.lost()).as("lines beyond what may wait").isGreaterThan(50_000);
        }
    }

    @Test
    void noFileIsNoAudit() {
        try (Audit audit = Audit.start(new AuditSettings(Optional.empty(), true, 1000, 1))) {
            audit.write("refused");

            assertThat(audit.isStuck()).isFalse();
            assertThat(audit.lost()).isZero();
        }
    }

    private static AuditSettings settings(Path file, boolean refuse, long size, int keep) {
        return new AuditSettings(Optional.of(file), refuse, size, keep);
    }

    private static boolean holds(Path file, Path folder, String text) {
        try (var files = Files.list(folder)) {
            for (Path each : files.toList()) {
                if (each.getFileName().toString().startsWith(file.getFileName().toString())
                        && Files.readString(each).contains(text)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}

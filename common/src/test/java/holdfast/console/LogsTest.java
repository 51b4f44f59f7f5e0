package holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class LogsTest {
    private static final Logger log = LoggerFactory.getLogger("holdfast.console.LogsTest");

    @Test
    void anEventIsOneLineOfTimeLevelNameAndValues() {
        String text = logged(
                LogFormat.TEXT,
                0,
                log -> log.atInfo()
                        .addKeyValue("session", "4f1c22aa")
                        .addKeyValue("path", 2)
                        .addKeyValue("interface", "wlan 0")
                        .log("path.up"));

        assertThat(text)
                .matches("20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  path.up session=4f1c22aa path=2"
                        + " interface=\"wlan 0\"\n");
    }

    @Test
    void inJsonAnEventIsOneObjectAndNumbersStayNumbers() {
        String text = logged(
                LogFormat.JSON,
                0,
                log -> log.atWarn()
                        .addKeyValue("path", 2)
                        .addKeyValue("rtt_ms", 1.5)
                        .addKeyValue("active", true)
                        .addKeyValue("peer", (Object) null)
                        .addKeyValue("ratio", Double.NaN)
                        .addKeyValue("interface", "wlan \"0\"")
                        .log("path.up"));

        assertThat(text)
                .matches("\\{\"time\":\"20[^\"]*Z\",\"level\":\"WARN\",\"event\":\"path.up\",\"path\":2,\"rtt_ms\":1.5,"
                        + "\"active\":true,\"peer\":null,\"ratio\":\"NaN\",\"interface\":\"wlan \\\\\"0\\\\\"\"}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\nb",
                "a\rb",
                "a\r\nb",
                "a\u001b[2Jb",
                "a\u0000b",
                "a\u0007b",
                "a\u007fb",
                "a\u0085b",
                "a\u009b2Jb",
                "a\u2028b",
                "a\u2029b",
                "a\u202eb",
                "a\u2066b",
                "a\ud800b",
                "a\udc00b",
                "a\uffffb",
                "a\ue000b",
                "a\u200bb",
                "\ufeffa"
            })
    void nothingInAValueEndsTheLineOrReachesTheTerminal(String hostile) {
        for (LogFormat format : LogFormat.values()) {
            String text = logged(
                    format,
                    0,
                    log -> log.atInfo()
                            .addKeyValue("host", hostile)
                            .addKeyValue(hostile, "value")
                            .log("event " + hostile));

            assertThat(text).endsWith("\n").hasLineCount(1);
            assertThat(text.substring(0, text.length() - 1).chars()).allMatch(c -> c >= 0x20 && c < 0x7f);
        }
    }

    @Test
    void placeholdersOfOtherLogLibrariesAreOnlyText() {
        assertThat(logged(
                        LogFormat.TEXT,
                        0,
                        log -> log.atInfo()
                                .addKeyValue("host", "${jndi:ldap://x/a}")
                                .log("open")))
                .endsWith("open host=${jndi:ldap://x/a}\n");
    }

    @Test
    void aValueCannotPretendToBeTwo() {
        assertThat(logged(
                        LogFormat.TEXT,
                        0,
                        log -> log.atInfo()
                                .addKeyValue("host", "x user=root")
                                .addKeyValue("empty", "")
                                .addKeyValue("pair", "a=b")
                                .log("open")))
                .endsWith("open host=\"x user=root\" empty=\"\" pair=\"a=b\"\n");
    }

    @Test
    void aVeryLongValueIsCutAndSaysByHowMuch() {
        String text = logged(
                LogFormat.TEXT,
                0,
                log -> log.atInfo().addKeyValue("host", "x".repeat(5000)).log("open"));

        assertThat(text).endsWith("host=\"" + "x".repeat(1024) + "...(+3976)\"\n");
    }

    @Test
    void cuttingDoesNotSplitACharacterOutsideTheBasicPlane() {
        String text = logged(
                LogFormat.TEXT,
                0,
                log -> log.atInfo()
                        .addKeyValue("host", "x".repeat(1023) + "\ud83d\ude00\ud83d\ude00")
                        .log("open"));

        assertThat(text).endsWith("x...(+4)\"\n");
    }

    @Test
    void aValueWhoseTextCannotBeMadeDoesNotLoseTheEvent() {
        Object broken = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("broken");
            }
        };

        assertThat(logged(
                        LogFormat.TEXT,
                        0,
                        log -> log.atInfo().addKeyValue("value", broken).log("open")))
                .endsWith("open value=\"(java.lang.IllegalStateException in toString)\"\n");
    }

    @Test
    void aCauseIsWrittenOnTheSameLine() {
        String text = logged(
                LogFormat.TEXT,
                0,
                log -> log.atError()
                        .setCause(new IllegalStateException("outer\nline", new IOException("inner")))
                        .log("session.fault"));

        assertThat(text)
                .hasLineCount(1)
                .contains(
                        "error=\"java.lang.IllegalStateException: outer\\nline\"",
                        "cause=\"java.io.IOException: inner\"",
                        "at=\"holdfast.console.LogsTest.");
    }

    @Test
    void theFreeTextOfALibraryIsAValueUnderOneName() {
        String text = logged(
                LogFormat.TEXT,
                0,
                log -> LoggerFactory.getLogger("io.netty.util.Something")
                        .warn("Selector.select() returned {} times\nin a row", 512));

        assertThat(text)
                .endsWith("WARN  library.log logger=io.netty.util.Something"
                        + " text=\"Selector.select() returned 512 times\\nin a row\"\n");
    }

    @Test
    void verbosityDecidesWhatIsWritten() {
        Consumer<Logger> everything = log -> {
            log.atTrace().log("trace");
            log.atDebug().log("debug");
            log.atInfo().log("info");
            log.atWarn().log("warn");
            LoggerFactory.getLogger("io.netty.x").info("library info");
            LoggerFactory.getLogger("io.netty.x").debug("library debug");
        };

        assertThat(logged(LogFormat.TEXT, -1, everything)).hasLineCount(1).contains("warn");
        assertThat(logged(LogFormat.TEXT, 0, everything)).hasLineCount(2).contains("info");
        assertThat(logged(LogFormat.TEXT, 1, everything)).hasLineCount(3).contains("debug");
        assertThat(logged(LogFormat.TEXT, 2, everything)).hasLineCount(6).contains("trace", "library debug");
    }

    @Test
    void aReaderThatStopsReadingBlocksNobodyAndLaterLearnsWhatItMissed() throws InterruptedException {
        BlockedReader reader = new BlockedReader();
        int lines = 20_000;
        Logs logs = Logs.to(reader, LogFormat.TEXT, 0);
        try {
            for (int i = 0; i < lines; i++) {
                log.atInfo()
                        .addKeyValue("number", i)
                        .addKeyValue("padding", "x".repeat(100))
                        .log("flood");
            }
            assertThat(logs.dropped()).isPositive();
            reader.release();
        } finally {
            logs.close();
        }

        List<String> read = reader.lines();
        assertThat(read.get(0)).contains("flood number=0 ");
        long missing = read.stream()
                .filter(line -> line.contains(" log.dropped "))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf("lines=") + 6)))
                .sum();
        long written = read.stream().filter(line -> line.contains(" flood ")).count();
        assertThat(missing).isEqualTo(logs.dropped());
        assertThat(written + missing).isEqualTo(lines);
    }

    @Test
    void closingDoesNotWaitForAReaderThatStopped() {
        BlockedReader reader = new BlockedReader();
        Logs logs = Logs.to(reader, LogFormat.TEXT, 0);
        log.atInfo().log("last");

        long start = System.nanoTime();
        logs.close();

        assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
        reader.release();
    }

    @Test
    void aLogThatCannotBeWrittenIsNoFault() {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        };

        try (Logs logs = Logs.to(gone, LogFormat.TEXT, 0)) {
            log.atInfo().log("into the void");
            assertThat(logs).isNotNull();
        }
    }

    private static String logged(LogFormat format, int verbosity, Consumer<Logger> events) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Logs logs = Logs.to(out, format, verbosity)) {
            assertThat(logs.dropped()).isZero();
            events.accept(log);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** A pipe nobody reads until it is released. */
    private static final class BlockedReader extends OutputStream {
        private final CountDownLatch released = new CountDownLatch(1);
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();

        void release() {
            released.countDown();
        }

        List<String> lines() {
            return new ArrayList<>(read.toString(StandardCharsets.UTF_8).lines().toList());
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            read.write(bytes, offset, length);
        }
    }
}

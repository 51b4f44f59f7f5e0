package holdfast.server.budget;

import holdfast.identity.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What users have transferred this month, kept in a file so that a restart is no new month: a line {@code YYYY-MM NAME BYTES} each. A damaged line counts
 * as nothing transferred. Any thread; {@link #save} looks at the disk.
 */
public final class UsageFile {
    private static final int FILE_LIMIT = 16 << 20;

    private final Path file;
    private final InstantSource clock;
    private final Map<String, MonthlyUse> users = new TreeMap<>();
    private Map<String, String> written = Map.of();

    private UsageFile(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    /** Reads the file, which need not be there. */
    public static UsageFile open(Path file, InstantSource clock) throws IOException {
        UsageFile usage = new UsageFile(file, clock);
        if (Files.exists(file)) {
            PrivateFiles.readTrusted(file, FILE_LIMIT).lines().forEach(usage::parse);
        }
        return usage;
    }

    synchronized MonthlyUse of(String user) {
        return users.computeIfAbsent(user, name -> new MonthlyUse(clock, MonthlyUse.monthOf(clock), 0));
    }

    /** Writes what has changed since, all of it or nothing; also begins a new month where it is time for that. */
    public synchronized void save() throws IOException {
        users.values().forEach(MonthlyUse::turn);
        Map<String, String> lines = new LinkedHashMap<>();
        users.forEach((user, use) -> {
            if (use.bytes() > 0) {
                lines.put(user, use.month() + " " + user + " " + use.bytes() + "\n");
            }
        });
        if (!lines.equals(written)) {
            PrivateFiles.write(file, String.join("", lines.values()));
            written = lines;
        }
    }

    private void parse(String line) {
        String[] fields = line.split(" ", -1);
        try {
            if (fields.length == 3 && YearMonth.parse(fields[0]).equals(MonthlyUse.monthOf(clock))) {
                users.put(fields[1], new MonthlyUse(clock, YearMonth.parse(fields[0]), Long.parseLong(fields[2])));
            }
        } catch (DateTimeException | NumberFormatException damaged) {
            // Half a line, after a crash of the machine: the user gets the bytes for free.
        }
    }
}

package holdfast.server.budget;

import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** The bytes a user has transferred in the present calendar month (UTC). Any thread. */
public final class MonthlyUse {
    private final InstantSource clock;
    private final AtomicLong bytes;
    private volatile YearMonth month;

    MonthlyUse(InstantSource clock, YearMonth month, long bytes) {
        this.clock = clock;
        this.month = month;
        this.bytes = new AtomicLong(bytes);
    }

    static YearMonth monthOf(InstantSource clock) {
        return YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
    }

    void add(long more) {
        bytes.addAndGet(more);
    }

    long bytes() {
        return bytes.get();
    }

    YearMonth month() {
        return month;
    }

    /** Starts again from nothing if the month is over. Called every now and then. */
    void turn() {
        YearMonth present = monthOf(clock);
        if (!present.equals(month)) {
            month = present;
            bytes.set(0);
        }
    }
}

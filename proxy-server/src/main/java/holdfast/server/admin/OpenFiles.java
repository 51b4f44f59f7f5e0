package holdfast.server.admin;

import com.sun.management.UnixOperatingSystemMXBean;
import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.server.budget.DoorLimits;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files the system lets the process have open: each stream needs one, each path, and some must always be left for joins and the status. The JVM
 * has raised the soft limit to the hard one when it started.
 */
public final class OpenFiles {
    /** Below this a gateway cannot do anything useful. */
    private static final long LEAST = 128;

    /** The JVM's own, listeners, logs, users' files, status. */
    private static final int OWN = 64;

    private static final Logger LOG = LoggerFactory.getLogger("holdfast.gateway");

    private OpenFiles() {}

    /** The most there may be; {@link Long#MAX_VALUE} where the system does not tell. */
    public static long most() {
        UnixOperatingSystemMXBean system = system();
        return system == null ? Long.MAX_VALUE : system.getMaxFileDescriptorCount();
    }

    /** How many there are; 0 where the system does not tell. */
    public static long now() {
        UnixOperatingSystemMXBean system = system();
        return system == null ? 0 : system.getOpenFileDescriptorCount();
    }

    /**
     * The limits, made so small that what is left always suffices for joins and for looking after the gateway.
     *
     * @param most files there may be
     * @throws FatalException 78 if that leaves nothing
     */
    public static DoorLimits fit(DoorLimits wanted, long most) {
        if (most < LEAST) {
            throw new FatalException(
                    ExitCode.CONFIG,
                    "only " + most + " files may be open at once, at least " + LEAST
                            + " are needed: raise the limit with  ulimit -Hn 65536  or, in a systemd unit,"
                            + " LimitNOFILE=65536");
        }
        int full = (int) Math.min(wanted.full(), most / 8);
        long rest = most - full - full / 4 - OWN;
        // Paths come first: a quarter of the rest is left to them, but they hardly need a thousand.
        int streams = (int) Math.min(wanted.streams(), Math.max(rest / 2, rest - 4096));
        if (streams < wanted.streams()) {
            LOG.atWarn()
                    .addKeyValue("files", most)
                    .addKeyValue("streams", streams)
                    .addKeyValue("wanted_streams", wanted.streams())
                    .addKeyValue("hint", "raise it with ulimit -Hn, or LimitNOFILE= in a systemd unit")
                    .log("files.limit_low");
        }
        return new DoorLimits(
                Math.min(wanted.start(), full), full, wanted.perSource(), wanted.handshakesPerMinute(), streams);
    }

    private static @Nullable UnixOperatingSystemMXBean system() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix ? unix : null;
    }
}

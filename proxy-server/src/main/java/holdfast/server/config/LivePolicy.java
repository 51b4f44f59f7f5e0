package holdfast.server.config;

import holdfast.console.FatalException;
import holdfast.identity.FileStamp;
import holdfast.protocol.Destination;
import holdfast.server.policy.OwnAddresses;
import holdfast.server.policy.Policy;
import holdfast.server.policy.Rules;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy in force: that of the config file, read again when the file changes, and the command line's rules. A file with a mistake is reported
 * and changes nothing.
 */
public final class LivePolicy implements Supplier<Policy>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.policy");

    private final Path file;
    private final Rules commandLine;
    private final OwnAddresses own;
    private Optional<FileStamp> stamp;
    private volatile Current current;

    private LivePolicy(Path file, Rules commandLine, OwnAddresses own, Optional<FileStamp> stamp, Current current) {
        this.file = file;
        this.commandLine = commandLine;
        this.own = own;
        this.stamp = stamp;
        this.current = current;
    }

    private record Current(GatewayConfig config, Policy policy) {}

    /**
     * Starts with the config as it is.
     *
     * @param commandLine what {@code --allow} and {@code --allow-listen} add
     * @throws FatalException 78 if the config has a mistake
     */
    public static LivePolicy open(Path file, Rules commandLine) throws IOException {
        Optional<FileStamp> stamp = stamp(file);
        GatewayConfig config = GatewayConfig.read(file);
        List<InetAddress> advertised = config.addresses().stream()
                .filter(Destination.Ip.class::isInstance)
                .map(each -> ((Destination.Ip) each).address())
                .toList();
        OwnAddresses own = OwnAddresses.watch(advertised);
        return new LivePolicy(file, commandLine, own, stamp, current(config, commandLine, own));
    }

    /** The policy now. */
    @Override
    public Policy get() {
        return current.policy;
    }

    /** Reads the file if it has changed. Looks at files. Returns whether the rules are others now. */
    public synchronized boolean refresh() {
        Optional<FileStamp> found = stamp(file);
        if (found.equals(stamp)) {
            return false;
        }
        stamp = found;
        try {
            GatewayConfig config = GatewayConfig.read(file);
            boolean changed = !config.everyone().equals(current.config.everyone())
                    || !config.users().equals(current.config.users());
            if (changed) {
                current = current(config, commandLine, own);
                LOG.atInfo().addKeyValue("file", file).log("policy.changed");
            }
            return changed;
        } catch (IOException | FatalException e) {
            LOG.atError().addKeyValue("reason", e.getMessage()).log("policy.unchanged");
            return false;
        }
    }

    @Override
    public void close() {
        own.close();
    }

    private static Current current(GatewayConfig config, Rules commandLine, OwnAddresses own) {
        return new Current(config, new Policy(config.everyone().and(commandLine), config.users(), own));
    }

    /** Empty while there is no such file; that is a change, too. */
    private static Optional<FileStamp> stamp(Path file) {
        try {
            return Optional.of(FileStamp.of(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}

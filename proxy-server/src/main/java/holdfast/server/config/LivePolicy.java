package holdfast.server.config;

import holdfast.console.FatalException;
import holdfast.identity.FileStamp;
import holdfast.protocol.Destination;
import holdfast.server.policy.OwnAddresses;
import holdfast.server.policy.Policy;
import holdfast.server.policy.Rules;
import holdfast.server.policy.Sections;
import holdfast.server.users.UserDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy in force: that of the config file and of the files of groups, read again when they change, and the command line's rules. A file with
 * a mistake is reported and changes nothing.
 */
public final class LivePolicy implements Supplier<Policy>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.policy");

    private final Path file;
    private final Rules commandLine;
    private final UserDirectory users;
    private final OwnAddresses own;
    private Optional<FileStamp> stamp;
    private volatile Current current;
    private volatile Optional<String> mistake = Optional.empty();

    private LivePolicy(
            Path file,
            Rules commandLine,
            UserDirectory users,
            OwnAddresses own,
            Optional<FileStamp> stamp,
            GatewayConfig config) {
        this.file = file;
        this.commandLine = commandLine;
        this.users = users;
        this.own = own;
        this.stamp = stamp;
        this.current = current(config);
    }

    private record Current(GatewayConfig config, Sections sections, Policy policy, Policy relaying) {}

    /**
     * Starts with the config as it is.
     *
     * @param commandLine what {@code --allow} and {@code --allow-listen} add
     * @param users whose groups count; looked at anew with every {@link #refresh}
     * @throws FatalException 78 if the config has a mistake
     */
    public static LivePolicy open(Path file, Rules commandLine, UserDirectory users) throws IOException {
        Optional<FileStamp> stamp = stamp(file);
        GatewayConfig config = GatewayConfig.read(file);
        OwnAddresses own = OwnAddresses.watch(advertised(config));
        return new LivePolicy(file, commandLine, users, own, stamp, config);
    }

    /** The addresses of the config that are addresses: the gateway's own, even if a NAT has them. */
    public static List<InetAddress> advertised(GatewayConfig config) {
        return config.addresses().stream()
                .filter(Destination.Ip.class::isInstance)
                .map(each -> ((Destination.Ip) each).address())
                .toList();
    }

    /** All rules: those of a config, the command line's, and who is in which group by both kinds of files. */
    public static Sections sections(GatewayConfig config, Rules commandLine, UserDirectory users) {
        Sections said = config.rules();
        Map<String, Set<String>> groupsOf = new HashMap<>();
        for (Map<String, Set<String>> each : List.of(said.groupsOf(), users.lastKnownGroups())) {
            each.forEach((user, groups) ->
                    groupsOf.computeIfAbsent(user, any -> new HashSet<>()).addAll(groups));
        }
        return new Sections(said.everyone().and(commandLine), said.groups(), said.users(), groupsOf);
    }

    /** The policy now. */
    @Override
    public Policy get() {
        return current.policy;
    }

    /** Which gateways users may reach through this one: those that the config names, as destinations to connect to, and no others. */
    public Policy relaying() {
        return current.relaying;
    }

    /** The config in force. */
    public GatewayConfig config() {
        return current.config;
    }

    /** What is wrong with the file, if it is not the one in force. */
    public Optional<String> mistake() {
        return mistake;
    }

    /** Reads what has changed. Looks at files. Returns whether the rules are others now. */
    public synchronized boolean refresh() {
        Optional<FileStamp> found = stamp(file);
        if (!found.equals(stamp)) {
            stamp = found;
            return read().isEmpty() && apply();
        }
        return apply();
    }

    /**
     * Reads the file, whether it has changed or not.
     *
     * @return what is wrong with it; then the old one stays in force
     */
    public synchronized Optional<String> reload() {
        stamp = stamp(file);
        Optional<String> wrong = read();
        apply();
        return wrong;
    }

    @Override
    public void close() {
        own.close();
    }

    /** Takes the file's config over, or says what is wrong with it. */
    private Optional<String> read() {
        try {
            GatewayConfig config = GatewayConfig.read(file);
            mistake = Optional.empty();
            current = new Current(config, current.sections, current.policy, relaying(config));
        } catch (IOException | FatalException e) {
            mistake = Optional.of(String.valueOf(e.getMessage()));
            LOG.atError().addKeyValue("reason", e.getMessage()).log("policy.unchanged");
        }
        return mistake;
    }

    /** Puts the rules in force that config and files of groups have now; says whether they are others. */
    private boolean apply() {
        Sections before = current.sections;
        try {
            users.refresh();
        } catch (IOException e) {
            LOG.atError().addKeyValue("reason", e.getMessage()).log("users.unreadable");
        }
        Sections now = sections(current.config, commandLine, users);
        if (now.equals(before)) {
            return false;
        }
        current = new Current(current.config, now, new Policy(now, own), current.relaying);
        LOG.atInfo().addKeyValue("file", file).log("policy.changed");
        return true;
    }

    private Current current(GatewayConfig config) {
        Sections sections = sections(config, commandLine, users);
        return new Current(config, sections, new Policy(sections, own), relaying(config));
    }

    private Policy relaying(GatewayConfig config) {
        Rules rules = new Rules(config.chains().relayTo(), Optional.of(false));
        return new Policy(new Sections(rules, Map.of(), Map.of(), Map.of()), own);
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

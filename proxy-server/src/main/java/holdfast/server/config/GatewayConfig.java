package holdfast.server.config;

import holdfast.console.ByteAmount;
import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.console.Settings;
import holdfast.console.TimeSpan;
import holdfast.identity.Invitation;
import holdfast.protocol.Destination;
import holdfast.server.audit.AuditSettings;
import holdfast.server.budget.DoorLimits;
import holdfast.server.budget.Limits;
import holdfast.server.budget.UserLimits;
import holdfast.server.chain.ChainSettings;
import holdfast.server.introduction.IntroductionRule;
import holdfast.server.policy.Rules;
import holdfast.server.policy.Sections;
import holdfast.server.session.Holding;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the gateway's owner has decided.
 *
 * @param addresses where clients reach it, at least one
 * @param listen where it listens, at least one; {@code [::]} means every address of both families
 * @param rules what users may do; of the members of groups those that this file names
 * @param holding how long sessions without a path are kept, and how much they may hold
 * @param drainTime how long open streams have when the gateway is asked to end
 * @param limits of users, and of everybody together
 * @param audit where it is written what users do
 * @param introductions which destinations are told who connects
 * @param conditions what clients are told before they open anything
 * @param chains which gateways clients reach through this one, and through which others they may come
 * @param otherGateways where clients may go when this one ends
 */
public record GatewayConfig(
        List<Destination> addresses,
        List<Destination.Ip> listen,
        Sections rules,
        Holding holding,
        Duration drainTime,
        Limits limits,
        AuditSettings audit,
        List<IntroductionRule> introductions,
        ConditionsTable conditions,
        ChainSettings chains,
        List<Destination> otherGateways) {
    private static final Duration DRAIN_TIME = Duration.ofSeconds(5);

    public GatewayConfig {
        addresses = List.copyOf(addresses);
        listen = List.copyOf(listen);
        introductions = List.copyOf(introductions);
        otherGateways = List.copyOf(otherGateways);
    }

    /**
     * Reads {@code gateway.toml}.
     *
     * @throws FatalException 78 with file, line and column of what is wrong
     */
    public static GatewayConfig read(Path file) throws IOException {
        try {
            return of(file, Settings.read(file));
        } catch (NoSuchFileException e) {
            throw new FatalException(
                    ExitCode.CONFIG,
                    "there is no " + file + "; make a gateway with  proxy-server init --address HOST:PORT",
                    e);
        }
    }

    /**
     * What a file says, as far as it can be understood, and every mistake in it.
     *
     * @param config empty if there are mistakes
     * @param mistakes each with file, line and column
     */
    public record Checked(Optional<GatewayConfig> config, List<FatalException> mistakes) {
        public Checked {
            mistakes = List.copyOf(mistakes);
        }
    }

    /** Reads {@code gateway.toml} to its end, whatever is wrong in it. */
    public static Checked check(Path file) throws IOException {
        List<FatalException> mistakes = new ArrayList<>();
        try {
            GatewayConfig config = of(file, Settings.readAll(file, mistakes));
            return new Checked(mistakes.isEmpty() ? Optional.of(config) : Optional.empty(), mistakes);
        } catch (FatalException e) {
            // What is missing is only said where nothing else is wrong: it may be there, and be wrong itself.
            if (mistakes.isEmpty()) {
                mistakes.add(e);
            }
            return new Checked(Optional.empty(), mistakes);
        }
    }

    static GatewayConfig parse(Path file, String text) {
        return of(file, Settings.parse(file.toString(), text));
    }

    /** This config with what the command line says: listeners instead of its own, if there are any, and further rules. */
    public GatewayConfig with(List<Destination.Ip> moreListen, Rules moreRules) {
        return new GatewayConfig(
                addresses,
                moreListen.isEmpty() ? listen : moreListen,
                new Sections(rules.everyone().and(moreRules), rules.groups(), rules.users(), rules.groupsOf()),
                holding,
                drainTime,
                limits,
                audit,
                introductions,
                conditions,
                chains,
                otherGateways);
    }

    private static GatewayConfig of(Path file, Settings settings) {
        List<Destination> addresses = settings.list("addresses", Invitation::address);
        List<Destination.Ip> listen = settings.list("listen", ListenAddress::parse);
        Duration holdTime = settings.text("hold-time", TimeSpan::parse);
        Long holdBytes = settings.text("hold-memory", ByteAmount::parse);
        Duration drainTime = settings.text("drain-time", TimeSpan::parse);
        Settings general = settings.table("limits");
        DoorLimits door = LimitSettings.door(general);
        UserLimits usual = LimitSettings.user(general, UserLimits.DEFAULT);
        Map<String, UserLimits> special = new HashMap<>();
        Map<String, Duration> holdTimes = new HashMap<>();
        Sections rules = RuleSettings.read(settings, (user, section) -> {
            Duration holdOwn = section.text("hold-time", TimeSpan::parse);
            if (holdOwn != null) {
                holdTimes.put(user, holdOwn);
            }
            UserLimits own = LimitSettings.user(section.table("limits"), usual);
            if (!own.equals(usual)) {
                special.put(user, own);
            }
        });
        List<IntroductionRule> introductions = settings.list("proxy-header", IntroductionRule::parse);
        AuditSettings audit =
                AuditTable.read(settings.table("audit"), file.toAbsolutePath().resolveSibling(""));
        ConditionsTable conditions = ConditionsTable.read(settings.table("conditions"), audit);
        ChainSettings chains = ChainTable.read(settings.table("chains"));
        List<Destination> others = settings.list("other-gateways", Invitation::address);
        settings.done();
        if (addresses.isEmpty()) {
            throw new FatalException(
                    ExitCode.CONFIG, file + ": 'addresses' is missing: where do clients reach this gateway?");
        }
        return new GatewayConfig(
                addresses,
                listen.isEmpty() ? ListenAddress.defaultFor(addresses) : listen,
                rules,
                new Holding(
                        holdTime == null ? Holding.USUAL : holdTime,
                        holdTimes,
                        holdBytes == null ? Holding.BYTES : holdBytes),
                drainTime == null ? DRAIN_TIME : drainTime,
                new Limits(door, usual, special),
                audit,
                introductions,
                conditions,
                chains,
                others);
    }
}

package holdfast.client.config;

import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.console.Settings;
import holdfast.identity.Invitation;
import holdfast.identity.Pin;
import holdfast.identity.PrivateFiles;
import holdfast.identity.UserName;
import holdfast.protocol.Destination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who this client is at which gateway: the file {@code client.toml}.
 *
 * @param user the name the client's key is listed under
 * @param gateway the key by which the gateway is known, whatever address it is reached at
 * @param next the key by which it is going to be known, if it has announced one
 * @param addresses where it is reached, at least one
 * @param domain where to ask for further addresses while it is not reached; empty for nowhere
 */
public record Account(
        String user, Pin gateway, Optional<Pin> next, List<Destination> addresses, Optional<String> domain) {
    private static final int FILE_LIMIT = 1 << 20;

    private static final String NOTHING_OF_THEIR_OWN = """
        # Options of  proxy-client run  that are to hold every time; a login leaves them alone.
        # [run]
        # listen = ["127.0.0.1:1080"]          # -D
        # local = ["8080:intranet.example:80"] # -L
        # paths = ["wlan0", "wwan0=metered"]   # --path
        # open = "auto"                        # --open
        # profile = "work,backup"              # --profile
        # via = ["relay", "direct=standby"]    # --via
        # gateways = ["10.0.0.0/8=work"]       # --gateway
        """;

    public Account {
        UserName.require(user);
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("an account needs an address of its gateway");
        }
    }

    /** An account at a gateway that has announced no other key. */
    public Account(String user, Pin gateway, List<Destination> addresses) {
        this(user, gateway, Optional.empty(), addresses);
    }

    /** An account that asks nobody for further addresses. */
    public Account(String user, Pin gateway, Optional<Pin> next, List<Destination> addresses) {
        this(user, gateway, next, addresses, Optional.empty());
    }

    /** The same with other keys of the gateway's. */
    Account withKeys(Pin present, Optional<Pin> announced) {
        return new Account(user, present, announced, addresses, domain);
    }

    /** The same with further addresses behind those that are there. */
    public Account withFurther(List<Destination> further) {
        Set<Destination> all = new LinkedHashSet<>(addresses);
        all.addAll(further);
        return new Account(user, gateway, next, List.copyOf(all), domain);
    }

    /** The same with somewhere to ask, or nowhere. */
    public Account withDomain(Optional<String> where) {
        return new Account(user, gateway, next, addresses, where);
    }

    /** The keys by which the gateway is known. */
    public Set<Pin> gatewayKeys() {
        return next.isEmpty() ? Set.of(gateway) : Set.of(gateway, next.get());
    }

    /** Takes its settings out of the file, if any of them is there, and refuses those that nobody has asked for by now. */
    static Optional<Account> read(Path file, Settings settings) {
        String user = settings.text("user", UserName::require);
        Pin gateway = settings.text("gateway", Pin::parse);
        Optional<Pin> next = Optional.ofNullable(settings.text("next-gateway", Pin::parse));
        List<Destination> addresses = settings.list("addresses", Invitation::address);
        Optional<String> domain = Optional.ofNullable(settings.text("domain", text -> text));
        settings.done();
        if (user == null && gateway == null && addresses.isEmpty()) {
            return Optional.empty();
        }
        if (user == null || gateway == null) {
            throw new FatalException(
                    ExitCode.CONFIG, file + ": '" + (user == null ? "user" : "gateway") + "' is missing");
        }
        if (addresses.isEmpty()) {
            throw new FatalException(ExitCode.CONFIG, file + ": 'addresses' is missing: where is the gateway?");
        }
        // A next key that is the present one is no other.
        return Optional.of(new Account(user, gateway, next.filter(each -> !each.equals(gateway)), addresses, domain));
    }

    /** Writes the file in one step. What follows its first heading is the user's own, and stays. */
    public void write(Path file) throws IOException {
        String own = Files.exists(file) ? ownPart(PrivateFiles.readTrusted(file, FILE_LIMIT)) : NOTHING_OF_THEIR_OWN;
        String list = addresses.stream().map(each -> "\"" + each + "\"").collect(Collectors.joining(", "));
        PrivateFiles.write(file, """
            # Written by  proxy-client login.

            user = "%s"
            # The gateway's key, by which it is known at whatever address.
            gateway = "%s"
            %s# Where it is reached; all at once where there are several.
            addresses = [%s]
            %s
            %s\
            """.formatted(user, gateway, nextLine(), list, domainLine(), own));
    }

    private String nextLine() {
        return next.map(pin -> "# The one by which it is going to be known.\nnext-gateway = \"" + pin + "\"\n")
                .orElse("");
    }

    private String domainLine() {
        return domain.map(name ->
                        "# Where further addresses are asked for while it is not reached.\ndomain = \"" + name + "\"\n")
                .orElse("");
    }

    /** Takes it out of the file; what is the user's own stays. */
    static void forget(Path file) throws IOException {
        PrivateFiles.write(
                file,
                "# Written by  proxy-client.  There is no login here now; proxy-client login URL  makes one.\n\n"
                        + ownPart(PrivateFiles.readTrusted(file, FILE_LIMIT)));
    }

    private static String ownPart(String text) {
        int heading = text.startsWith("[") ? 0 : text.indexOf("\n[") + 1;
        return heading == 0 && !text.startsWith("[") ? NOTHING_OF_THEIR_OWN : text.substring(heading);
    }
}

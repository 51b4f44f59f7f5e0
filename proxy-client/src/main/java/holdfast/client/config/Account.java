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
import java.util.List;
import java.util.stream.Collectors;

/**
 * Who this client is at which gateway: the file {@code client.toml}.
 *
 * @param user the name the client's key is listed under
 * @param gateway the key by which the gateway is known, whatever address it is reached at
 * @param addresses where it is reached, at least one
 */
public record Account(String user, Pin gateway, List<Destination> addresses) {
    private static final int FILE_LIMIT = 1 << 20;

    private static final String NOTHING_OF_THEIR_OWN = """
            # Options of  proxy-client run  that are to hold every time; a login leaves them alone.
            # [run]
            # listen = ["127.0.0.1:1080"]          # -D
            # local = ["8080:intranet.example:80"] # -L
            # paths = ["wlan0", "wwan0=metered"]   # --path
            # open = "auto"                        # --open
            """;

    public Account {
        UserName.require(user);
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("an account needs an address of its gateway");
        }
    }

    /** Takes its settings out of the file, and refuses those that nobody has asked for by now. */
    static Account read(Path file, Settings settings) {
        String user = settings.requiredText("user", UserName::require);
        Pin gateway = settings.requiredText("gateway", Pin::parse);
        List<Destination> addresses = settings.list("addresses", Invitation::address);
        settings.done();
        if (addresses.isEmpty()) {
            throw new FatalException(ExitCode.CONFIG, file + ": 'addresses' is missing: where is the gateway?");
        }
        return new Account(user, gateway, addresses);
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
                # Where it is reached; all at once where there are several.
                addresses = [%s]

                %s""".formatted(user, gateway, list, own));
    }

    private static String ownPart(String text) {
        int heading = text.startsWith("[") ? 0 : text.indexOf("\n[") + 1;
        return heading == 0 && !text.startsWith("[") ? NOTHING_OF_THEIR_OWN : text.substring(heading);
    }
}

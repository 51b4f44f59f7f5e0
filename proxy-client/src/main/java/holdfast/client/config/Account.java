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
    public Account {
        UserName.require(user);
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("an account needs an address of its gateway");
        }
    }

    /**
     * Reads the file.
     *
     * @throws FatalException 78 with the place of what is wrong
     */
    public static Account read(Path file) throws IOException {
        Settings settings = Settings.read(file);
        String user = settings.requiredText("user", UserName::require);
        Pin gateway = settings.requiredText("gateway", Pin::parse);
        List<Destination> addresses = settings.list("addresses", Invitation::address);
        settings.done();
        if (addresses.isEmpty()) {
            throw new FatalException(ExitCode.CONFIG, file + ": 'addresses' is missing: where is the gateway?");
        }
        return new Account(user, gateway, addresses);
    }

    /** Writes the file in one step. */
    public void write(Path file) throws IOException {
        String list = addresses.stream().map(each -> "\"" + each + "\"").collect(Collectors.joining(", "));
        PrivateFiles.write(file, """
                # Written by  proxy-client login.

                user = "%s"
                # The gateway's key, by which it is known at whatever address.
                gateway = "%s"
                # Where it is reached; all at once where there are several.
                addresses = [%s]
                """.formatted(user, gateway, list));
    }
}

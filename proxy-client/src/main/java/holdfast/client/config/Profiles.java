package holdfast.client.config;

import holdfast.client.gateways.Login;
import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.identity.Identity;
import holdfast.protocol.Destination;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The logins of one home: the default one, which lies in the home itself, and further ones by name.
 *
 * @param home of the client
 */
public record Profiles(ClientHome home) {
    /** The names of all, the default one first. */
    public List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        if (home.hasLogin()) {
            names.add(Login.DEFAULT);
        }
        List<String> further = new ArrayList<>();
        if (Files.isDirectory(home.profiles())) {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(home.profiles())) {
                for (Path each : folders) {
                    String name = String.valueOf(each.getFileName());
                    if (Login.isName(name) && home.profile(name).hasLogin()) {
                        further.add(name);
                    }
                }
            }
        }
        further.stream().sorted().forEach(names::add);
        return names;
    }

    /**
     * What a client uses that was told nothing else: the default login, or the only one there is.
     *
     * @throws FatalException 78 if there is none, or there are several
     */
    public String usual() throws IOException {
        List<String> names = names();
        if (names.size() > 1 && !names.contains(Login.DEFAULT)) {
            throw new FatalException(
                    ExitCode.CONFIG,
                    "there are several logins, " + String.join(", ", names) + ": say which with  --profile NAME");
        }
        return names.isEmpty() || names.contains(Login.DEFAULT) ? Login.DEFAULT : names.get(0);
    }

    /**
     * A login, ready to be used.
     *
     * @throws FatalException 78 if there is none of this name, or its files are damaged
     */
    public Login login(String name) throws IOException {
        Account account = account(name);
        Identity identity = home.profile(name).identity();
        return new Login(
                name,
                identity,
                new GatewayKeys(home.profile(name), account),
                account.addresses().stream().map(Destination::toString).toList(),
                account.domain());
    }

    /**
     * The account of a login.
     *
     * @throws FatalException 78 if there is none of this name, or its file is damaged
     */
    public Account account(String name) throws IOException {
        List<String> names = names();
        if (!names.isEmpty() && !names.contains(name)) {
            throw new FatalException(
                    ExitCode.CONFIG,
                    "there is no login '" + name + "', only " + String.join(", ", names)
                            + "; make it with  proxy-client login URL"
                            + (name.equals(Login.DEFAULT) ? "" : " --name " + name));
        }
        return home.profile(name).account();
    }

    /**
     * Forgets a login with its key.
     *
     * @throws FatalException 78 if there is none of this name
     */
    public void remove(String name) throws IOException {
        ClientHome profile = home.profile(name);
        profile.account();
        Files.deleteIfExists(profile.key());
        if (name.equals(Login.DEFAULT)) {
            Account.forget(profile.config());
        } else {
            Files.deleteIfExists(profile.config());
        }
        try (DirectoryStream<Path> sessions = Files.newDirectoryStream(profile.folder(), "session*")) {
            for (Path each : sessions) {
                Files.deleteIfExists(each);
            }
        }
        if (!name.equals(Login.DEFAULT)) {
            Files.deleteIfExists(profile.folder().resolve("client.lock"));
            Files.deleteIfExists(profile.folder());
        }
    }
}

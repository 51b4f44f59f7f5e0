package holdfast.client.config;

import holdfast.agreement.AcceptRules;
import holdfast.client.gateways.Login;
import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.identity.Identity;
import holdfast.identity.LockFile;
import holdfast.identity.PrivateFiles;
import holdfast.identity.UnsafeFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.function.UnaryOperator;

/**
 * Where a client keeps its files.
 *
 * @param folder for its owner only
 */
public record ClientHome(Path folder) {
    private static final String NOT_LOGGED_IN =
            "this client has not logged in to a gateway yet (its home is %s); do it with  proxy-client login URL";

    private static final String PROFILES = "profiles";

    /** The client's key and certificate. */
    public Path key() {
        return folder.resolve("client.key");
    }

    /** The {@link ClientConfig}. */
    public Path config() {
        return folder.resolve("client.toml");
    }

    /**
     * The id of the running session, kept for the next start in case this one ends without telling the gateway.
     *
     * @param relays names of the relays that it leads through, with a comma between them
     */
    Path session(String relays) {
        return folder.resolve(relays.isEmpty() ? "session" : "session." + relays);
    }

    /** That of the session with the gateway by every way there is. */
    public Path session() {
        return session("");
    }

    /** Where a further login keeps its files; the default one keeps them here. */
    public ClientHome profile(String name) {
        return name.equals(Login.DEFAULT) ? this : new ClientHome(profiles().resolve(name));
    }

    /** The folder of the further logins. */
    Path profiles() {
        return folder.resolve(PROFILES);
    }

    /** Where the user's own programs find a running client's proxy, whatever its other listeners are. */
    public Path door() {
        return folder.resolve("door.sock");
    }

    /** Where programs ask for the channel binding of their connections. */
    public Path bindings() {
        return folder.resolve("binding.sock");
    }

    /** Where a running client is asked. */
    public Path socket() {
        return folder.resolve("client.sock");
    }

    /**
     * The key, made if there is none yet. A key that is there is kept, so that logging in again does not leave a dead key at the gateway.
     *
     * @throws FatalException 78 if there is a key that cannot be used
     */
    public Identity createIdentity(SecureRandom random) throws IOException {
        Path parent = folder.getParent();
        if (parent != null && parent.endsWith(PROFILES) && parent.getParent() != null) {
            PrivateFiles.createFolder(parent.getParent());
            PrivateFiles.createFolder(parent);
        }
        PrivateFiles.createFolder(folder);
        return LockFile.holding(lock(), () -> {
            if (Files.exists(key())) {
                return load();
            }
            Identity created = Identity.create("holdfast client", random);
            created.save(key());
            return created;
        });
    }

    /**
     * The key of a client that has logged in.
     *
     * @throws FatalException 78 if there is none
     */
    public Identity identity() throws IOException {
        requireLogin(key());
        return load();
    }

    /** Whether a login has been made here. */
    boolean hasLogin() throws IOException {
        return Files.exists(key())
                && Files.exists(config())
                && ClientConfig.read(config()).account().isPresent();
    }

    /**
     * The options that are to hold every time; none where there is no file yet.
     *
     * @throws FatalException 78 if it is damaged
     */
    public RunSettings runSettings() throws IOException {
        return Files.exists(config()) ? ClientConfig.read(config()).run() : RunSettings.NONE;
    }

    /**
     * What the user accepts of gateways; everything where there is no file yet.
     *
     * @throws FatalException 78 if it is damaged
     */
    public AcceptRules acceptRules() throws IOException {
        return Files.exists(config()) ? ClientConfig.read(config()).accept() : AcceptRules.EVERYTHING;
    }

    /**
     * The account of a client that has logged in.
     *
     * @throws FatalException 78 if there is none, or its file is damaged
     */
    public Account account() throws IOException {
        requireLogin(config());
        return ClientConfig.read(config()).account().orElseThrow(this::notLoggedIn);
    }

    /**
     * Changes the account in its file; who else changes it waits. Returns what it has become.
     *
     * @throws FatalException 78 if there is none, or its file is damaged
     */
    public Account change(UnaryOperator<Account> change) throws IOException {
        account();
        return LockFile.holding(lock(), () -> {
            Account changed = change.apply(account());
            changed.write(config());
            return changed;
        });
    }

    private Path lock() {
        return folder.resolve("client.lock");
    }

    /** There is no login here. */
    public FatalException notLoggedIn() {
        return new FatalException(ExitCode.CONFIG, NOT_LOGGED_IN.formatted(folder));
    }

    private void requireLogin(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw notLoggedIn();
        }
        PrivateFiles.requirePrivateFolder(folder);
    }

    private Identity load() throws IOException {
        try {
            return Identity.load(key());
        } catch (UnsafeFileException e) {
            throw e;
        } catch (IOException e) {
            throw new FatalException(ExitCode.CONFIG, String.valueOf(e.getMessage()), e);
        }
    }
}

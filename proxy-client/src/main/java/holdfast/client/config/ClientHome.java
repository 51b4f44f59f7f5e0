package holdfast.client.config;

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

/**
 * Where a client keeps its files.
 *
 * @param folder for its owner only
 */
public record ClientHome(Path folder) {
    private static final String NOT_LOGGED_IN =
            "this client has not logged in to a gateway yet (its home is %s); do it with  proxy-client login URL";

    /** The client's key and certificate. */
    public Path key() {
        return folder.resolve("client.key");
    }

    /** The {@link ClientConfig}. */
    public Path config() {
        return folder.resolve("client.toml");
    }

    /** The id of the running session, kept for the next start in case this one ends without telling the gateway. */
    public Path session() {
        return folder.resolve("session");
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
        PrivateFiles.createFolder(folder);
        return LockFile.holding(folder.resolve("client.lock"), () -> {
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

    /**
     * The account and settings of a client that has logged in.
     *
     * @throws FatalException 78 if there is none, or its file is damaged
     */
    public ClientConfig settings() throws IOException {
        requireLogin(config());
        return ClientConfig.read(config());
    }

    /** The account alone. */
    public Account account() throws IOException {
        return settings().account();
    }

    private void requireLogin(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new FatalException(ExitCode.CONFIG, NOT_LOGGED_IN.formatted(folder));
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

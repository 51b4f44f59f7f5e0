package holdfast.server.config;

import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.console.HomeFolder;
import holdfast.identity.Identity;
import holdfast.identity.LockFile;
import holdfast.identity.PrivateFiles;
import holdfast.identity.UnsafeFileException;
import holdfast.protocol.Destination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * Where a gateway keeps its files.
 *
 * @param folder for its owner only
 */
public record ServerHome(Path folder) {
    public static Path defaultFolder() {
        return HomeFolder.defaultFor("gateway");
    }

    /**
     * The gateway's key and certificate. Where systemd was asked to bring it (LoadCredential=gateway.key:...), the one it brought.
     */
    public Path key() {
        String credentials = System.getenv("CREDENTIALS_DIRECTORY");
        if (credentials != null) {
            Path brought = Path.of(credentials, "gateway.key");
            if (Files.exists(brought)) {
                return brought;
            }
        }
        return folder.resolve("gateway.key");
    }

    /** The key that the gateway is going to have, while it changes it. */
    public Path nextKey() {
        return folder.resolve("gateway-next.key");
    }

    /** The key that the gateway had before the last change. */
    public Path retiredKey() {
        return folder.resolve("gateway-retired.key");
    }

    /** The next key, if there is one. */
    public Optional<Identity> nextIdentity() throws IOException {
        return Files.exists(nextKey()) ? Optional.of(Identity.load(nextKey())) : Optional.empty();
    }

    public Path config() {
        return folder.resolve("gateway.toml");
    }

    /** One file of keys for each user. */
    public Path users() {
        return folder.resolve("users");
    }

    /** One file for each invitation that may still be used. */
    public Path invitations() {
        return folder.resolve("invitations");
    }

    /** What users have transferred this month. */
    public Path usage() {
        return folder.resolve("usage");
    }

    /** Where a running gateway is asked. */
    public Path socket() {
        return folder.resolve("gateway.sock");
    }

    /**
     * Makes a new home: folders, key, and a commented config. Returns the key.
     *
     * @throws FatalException 73 if there is one already; it is never overwritten, since every client knows its key
     */
    public Identity init(List<Destination> addresses, SecureRandom random) throws IOException {
        PrivateFiles.createFolder(folder);
        return LockFile.holding(folder.resolve("gateway.lock"), () -> {
            for (Path each : List.of(key(), config())) {
                if (Files.exists(each)) {
                    throw new FatalException(
                            ExitCode.CANNOT_CREATE,
                            "there is already a gateway here: " + each + " exists; choose another --home");
                }
            }
            PrivateFiles.createFolder(users());
            PrivateFiles.createFolder(invitations());
            PrivateFiles.write(config(), ConfigTemplate.text(addresses));
            // The key comes last: a home with a key is complete.
            Identity gateway = Identity.create("holdfast gateway", random);
            gateway.save(key());
            return gateway;
        });
    }

    /**
     * Checks that the folder is private and has a gateway.
     *
     * @throws FatalException 78 if it has none
     */
    public ServerHome requireGateway() throws IOException {
        if (!Files.exists(key())) {
            throw new FatalException(
                    ExitCode.CONFIG,
                    "there is no gateway in " + folder + "; make one with  proxy-server init --address HOST:PORT");
        }
        PrivateFiles.requirePrivateFolder(folder);
        return this;
    }

    /** The gateway's key. */
    public Identity identity() throws IOException {
        requireGateway();
        try {
            return Identity.load(key());
        } catch (UnsafeFileException e) {
            throw e;
        } catch (IOException e) {
            throw new FatalException(ExitCode.CONFIG, String.valueOf(e.getMessage()), e);
        }
    }
}

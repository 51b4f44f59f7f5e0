package holdfast.server.users;

import holdfast.identity.Pin;
import holdfast.identity.PrivateFiles;
import holdfast.identity.UserName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One-time codes. Each is a file named by the code's hash, so that who reads the folder cannot use what is in it. A code is 128 random bits:
 * neither guessing it nor reversing its hash is possible, and looking it up by hash compares nothing in secret-dependent time.
 *
 * <p>Used up under the lock of the {@link UserDirectory}, together with the enrolment: among all threads and processes a code works as often as
 * it says.
 */
public final class Invitations {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.users");
    private static final int CODE_BYTES = 16;
    private static final int MAX_CODE_LENGTH = 64;

    private final Path folder;
    private final UserDirectory users;
    private final Clock clock;
    private final SecureRandom random;

    public Invitations(Path folder, UserDirectory users, Clock clock, SecureRandom random) throws IOException {
        PrivateFiles.createFolder(folder);
        this.folder = folder;
        this.users = users;
        this.clock = clock;
        this.random = random;
    }

    /**
     * A new code and when it stops working.
     *
     * @param code known only to who gets this
     * @param expiry in whole seconds
     */
    public record Code(String code, Instant expiry) {
        /** Without the code. */
        @Override
        public String toString() {
            return "Code[until " + expiry + "]";
        }
    }

    /**
     * Makes a code that adds keys to a user.
     *
     * @param life how long it works
     * @param uses how many keys it adds, at least 1
     */
    public Code create(String user, Duration life, int uses) throws IOException {
        UserName.require(user);
        byte[] bytes = new byte[CODE_BYTES];
        random.nextBytes(bytes);
        String code = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant expiry = clock.instant().plus(life).truncatedTo(ChronoUnit.SECONDS);
        return users.locked(() -> {
            Instant now = clock.instant();
            deleteWhere(each -> each.isExpiredAt(now));
            PrivateFiles.write(
                    file(code), PendingInvitation.fresh(user, expiry, uses).text());
            return new Code(code, expiry);
        });
    }

    /** Whether there is such a code, used up or not. Without the lock: it may be gone a moment later. */
    public boolean isThere(String code) {
        return code.length() <= MAX_CODE_LENGTH && Files.exists(file(code));
    }

    /**
     * Uses the code for a key, which is then its user's. The same key may repeat it, in case the answer was lost.
     *
     * @param device what the client's device calls itself
     * @return the user; empty, whatever the reason, if the code does not work
     */
    public Optional<String> consume(String code, Pin key, String device) throws IOException {
        if (code.length() > MAX_CODE_LENGTH) {
            return Optional.empty();
        }
        return users.locked(() -> consumeLocked(file(code), key, device));
    }

    /** Makes the codes of a user useless. */
    public void revoke(String user) throws IOException {
        users.locked(() -> deleteWhere(each -> each.user().equals(user)));
    }

    private Optional<String> consumeLocked(Path file, Pin key, String device) throws IOException {
        Optional<PendingInvitation> found = Files.exists(file) ? read(file) : Optional.empty();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        PendingInvitation invitation = found.get();
        String user = invitation.user();
        if (invitation.isExpiredAt(clock.instant())) {
            Files.deleteIfExists(file);
            return Optional.empty();
        }
        if (invitation.wasUsedBy(key)) {
            // Not added again: it may have been taken away since.
            return users.isListed(user, key) && users.mayEnrol(user, key) ? Optional.of(user) : Optional.empty();
        }
        if (invitation.isUsedUp() || !users.mayEnrol(user, key)) {
            return Optional.empty();
        }
        // First the code, then the key: whatever happens in between, it is not used twice.
        PrivateFiles.write(file, invitation.usedBy(key).text());
        return users.enrolLocked(user, key, device, clock.instant().truncatedTo(ChronoUnit.SECONDS))
                ? Optional.of(user)
                : Optional.empty();
    }

    /** Deletes invitations and says how many. */
    private int deleteWhere(Predicate<PendingInvitation> condition) throws IOException {
        int deleted = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[0-9a-f]*")) {
            for (Path file : files) {
                if (read(file).filter(condition).isPresent() && Files.deleteIfExists(file)) {
                    deleted++;
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return deleted;
    }

    /** The invitation in a file; one that cannot be read works for nobody. */
    private static Optional<PendingInvitation> read(Path file) {
        try {
            return Optional.of(PendingInvitation.parse(PrivateFiles.read(file, PendingInvitation.LIMIT)));
        } catch (IOException | IllegalArgumentException e) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("reason", e.getMessage())
                    .log("invitation.ignored");
            return Optional.empty();
        }
    }

    private Path file(String code) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(code.getBytes(StandardCharsets.UTF_8));
            return folder.resolve(HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

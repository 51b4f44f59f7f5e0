package holdfast.server;

import holdfast.identity.Pin;
import holdfast.server.gateway.Gatekeeper;
import holdfast.server.users.Invitations;
import holdfast.server.users.UserDirectory;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets in whom the home folder's files name. A file that cannot be read lets nobody in. */
final class HomeGatekeeper implements Gatekeeper {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.users");

    private final UserDirectory users;
    private final Invitations invitations;

    HomeGatekeeper(UserDirectory users, Invitations invitations) {
        this.users = users;
        this.invitations = invitations;
    }

    @Override
    public Optional<String> userOf(Pin key) {
        try {
            return users.userOf(key);
        } catch (IOException e) {
            LOG.atError().addKeyValue("reason", e.getMessage()).log("users.unreadable");
            return Optional.empty();
        }
    }

    /** Looks at the files, once for all sessions that are then asked about. */
    void refresh() {
        try {
            users.refresh();
        } catch (IOException e) {
            LOG.atError().addKeyValue("reason", e.getMessage()).log("users.unreadable");
        }
    }

    /** Whether the key was no longer listed, at the last look, for this user, or the user may not log in. A file that cannot be read revokes nothing. */
    boolean isRevoked(String user, Pin key) {
        return !users.lastKnownUserOf(key).equals(Optional.of(user));
    }

    @Override
    public boolean isCode(String code) {
        return invitations.isThere(code);
    }

    @Override
    public Optional<String> enrol(String code, Pin key, String device) {
        try {
            return invitations.consume(code, key, device);
        } catch (IOException e) {
            LOG.atError().addKeyValue("reason", e.getMessage()).log("enrolment.failed");
            return Optional.empty();
        }
    }
}

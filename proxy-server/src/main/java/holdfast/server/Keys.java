package holdfast.server;

import holdfast.console.FatalException;
import holdfast.identity.FileStamp;
import holdfast.identity.Identity;
import holdfast.identity.Pin;
import holdfast.server.config.ServerHome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's key and the one to come, as their files are. Belongs to the thread of the upkeep. */
final class Keys {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.gateway");

    private final ServerHome home;
    private List<Optional<FileStamp>> stamps = List.of();

    Keys(ServerHome home) {
        this.home = home;
    }

    /** Reads the keys if their files have changed, and hands them to the gateway. What cannot be read changes nothing. */
    void look(RunningGateway gateway) {
        List<Optional<FileStamp>> found =
                Stream.of(home.key(), home.nextKey()).map(Keys::stamp).toList();
        if (found.equals(stamps)) {
            return;
        }
        stamps = found;
        try {
            Identity present = home.identity();
            Optional<Pin> next = home.nextIdentity().map(Identity::pin);
            gateway.useKeys(present, next);
        } catch (IOException | FatalException e) {
            LOG.atError().addKeyValue("reason", e.getMessage()).log("key.unchanged");
        }
    }

    private static Optional<FileStamp> stamp(Path file) {
        try {
            return Optional.of(FileStamp.of(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}

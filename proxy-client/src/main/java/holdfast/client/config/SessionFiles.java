package holdfast.client.config;

import holdfast.client.gateways.GatewaySessions;
import holdfast.client.session.SessionMemory;
import java.util.ArrayList;
import java.util.List;

/** Remembers the running sessions, each in the folder of its login. */
public final class SessionFiles implements GatewaySessions.Memories, AutoCloseable {
    private final ClientHome home;
    private final List<SessionFile> files = new ArrayList<>();

    public SessionFiles(ClientHome home) {
        this.home = home;
    }

    @Override
    public SessionMemory of(String login, String relays) {
        SessionFile file = new SessionFile(home.profile(login).session(relays));
        files.add(file);
        return file;
    }

    @Override
    public void close() {
        files.forEach(SessionFile::close);
    }
}

package holdfast.client.opening;

import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.relay.Meter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Tells the user why a connection was not made; of one that counted as connected at once there is nothing else that could. */
record FailureLog(Destination destination) implements Meter {
    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

    @Override
    public void refused(ErrorCode code, String text) {
        // What the gateway's rules refuse is worth telling: only a person can change it.
        LOG.atLevel(code == ErrorCode.NOT_ALLOWED ? Level.INFO : Level.DEBUG)
                .addKeyValue("destination", destination)
                .addKeyValue("code", code)
                .addKeyValue("reason", text)
                .log("open.failed");
    }

    @Override
    public long fromSocket(int bytes) {
        return 0;
    }

    @Override
    public long toSocket(int bytes) {
        return 0;
    }

    @Override
    public void ended(ErrorCode code) {}
}

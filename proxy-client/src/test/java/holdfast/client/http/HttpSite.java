package holdfast.client.http;

import holdfast.client.fixture.MemoryGateway;
import holdfast.client.fixture.MemoryStream;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A destination that says what it is told to say, and remembers what it hears. */
final class HttpSite {
    /** When it accepts a connection. */
    enum Welcome {
        AT_ONCE,
        WITH_ITS_FIRST_WORD,
        NEVER
    }

    private final Welcome welcome;
    private final MemoryStream stream;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private boolean accepted;
    private boolean ended;

    HttpSite(Welcome welcome, MemoryStream stream) {
        this.welcome = welcome;
        this.stream = stream;
    }

    Destination destination() {
        return stream.request().destination();
    }

    boolean isAt(MemoryStream other) {
        return stream == other;
    }

    void opened() {
        if (welcome == Welcome.NEVER) {
            stream.reject(ErrorCode.NOT_ALLOWED, "by the rule\r\nthat says so");
        } else if (welcome == Welcome.AT_ONCE) {
            accept();
        }
    }

    void hears(byte[] bytes) {
        heard.writeBytes(bytes);
    }

    /** Says this, unless all is over; whether it did. */
    boolean says(byte[] piece) {
        if (stream.isOver() || ended) {
            return false;
        }
        accept();
        said.writeBytes(piece);
        stream.say(piece);
        return true;
    }

    void ends(boolean inOrder) {
        if (stream.isOver() || ended) {
            return;
        }
        ended = true;
        if (inOrder) {
            stream.end();
        } else {
            stream.breakOff(ErrorCode.CONNECTION_RESET);
        }
    }

    /**
     * Whether all requests that came here end where everybody thinks they end.
     *
     * @param mayBeTunnel whether this may not be HTTP at all
     */
    void verify(boolean mayBeTunnel) {
        boolean otherProtocol = said.toString(StandardCharsets.ISO_8859_1).contains("101");
        if (!mayBeTunnel && !otherProtocol) {
            MessageBounds.of(heard.toByteArray(), line -> MessageBounds.Body.AS_FRAMED);
        }
    }

    private void accept() {
        if (!accepted) {
            accepted = true;
            stream.accept(MemoryGateway.BOUND);
        }
    }
}

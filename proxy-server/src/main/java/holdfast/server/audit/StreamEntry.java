package holdfast.server.audit;

import java.util.concurrent.TimeUnit;

/** The line of one stream, written once when it is over, whichever way. On the stream's event loop. */
public final class StreamEntry {
    private final Audit audit;
    private final String user;
    private final String session;
    private final String verb;
    private final Object destination;
    private final long begun = System.nanoTime();
    private Object address = "";
    private long up;
    private long down;
    private boolean written;

    /**
     * A stream was asked for.
     *
     * @param session the first bytes of its session's id
     * @param verb what was asked: connect, udp, bind
     * @param destination what the program asked for
     */
    public StreamEntry(Audit audit, String user, String session, String verb, Object destination) {
        this.audit = audit;
        this.user = user;
        this.session = session;
        this.verb = verb;
        this.destination = destination;
    }

    /** The address that is used. */
    public void reached(Object used) {
        address = used;
    }

    /** Bytes towards the destination. */
    public void sent(long bytes) {
        up += bytes;
    }

    /** Bytes from the destination. */
    public void received(long bytes) {
        down += bytes;
    }

    /**
     * It is over. Whatever comes behind the first of these is ignored.
     *
     * @param result an error code's name, NONE where it ended in order
     */
    public void over(Object result, String reason) {
        if (written) {
            return;
        }
        written = true;
        audit.write(
                "stream",
                Audit.field("user", user),
                Audit.field("session", session),
                Audit.field("verb", verb),
                Audit.field("destination", destination),
                Audit.field("address", address),
                Audit.field("result", result),
                Audit.field("up", up),
                Audit.field("down", down),
                Audit.field("ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun)),
                Audit.field("reason", reason));
    }
}

package holdfast.client.opening;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a connection may have a stream yet: while it is not known whose it is, a program may already say what it wants, but nothing of it leaves this machine.
 * Belongs to the connection's loop.
 */
public final class Admission {
    private static final AttributeKey<List<Runnable>> WAITING = AttributeKey.valueOf(Admission.class, "WAITING");

    private Admission() {}

    /** From now on this connection has to wait. */
    public static void withhold(Channel connection) {
        connection.attr(WAITING).set(new ArrayList<>(1));
    }

    /** It is known, and may: what waited happens now. Without effect where nothing was withheld. */
    public static void grant(Channel connection) {
        List<Runnable> waiting = connection.attr(WAITING).getAndSet(null);
        if (waiting != null) {
            waiting.forEach(Runnable::run);
        }
    }

    /** Does this at once, or when it is granted; never for a connection that is turned away. */
    static void whenGranted(Channel connection, Runnable what) {
        List<Runnable> waiting = connection.attr(WAITING).get();
        if (waiting == null) {
            what.run();
        } else {
            waiting.add(what);
        }
    }
}

package holdfast.client.door;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The connections that programs of this machine have through the doors, by the program's end. Belongs to the event loop. */
public final class Connections {
    private final Map<InetSocketAddress, Channel> byProgram = new HashMap<>();

    /** Knows a connection for as long as it lives. */
    void add(Channel connection) {
        if (connection.remoteAddress() instanceof InetSocketAddress program) {
            byProgram.put(program, connection);
            connection.closeFuture().addListener(closed -> byProgram.remove(program, connection));
        }
    }

    /** The connection from there, or null. */
    public @Nullable Channel from(InetSocketAddress program) {
        return byProgram.get(program);
    }
}

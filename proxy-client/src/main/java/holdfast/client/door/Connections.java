package holdfast.client.door;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The connections that programs of this machine have through the doors, by the program's end. Belongs to the event loop. */
public final class Connections {
    private final Map<InetSocketAddress, Connection> byProgram = new HashMap<>();

    /**
     * One of them.
     *
     * @param other with whom the program is connected, as far as it and its kernel know: the door, or what the connection was meant for before it was turned
     */
    public record Connection(Channel channel, InetSocketAddress other) {}

    /** Knows a connection with a door for as long as it lives. */
    void add(Channel channel) {
        if (channel.localAddress() instanceof InetSocketAddress door) {
            add(channel, door);
        }
    }

    /** Knows one that the kernel has turned here. */
    void add(Channel channel, InetSocketAddress other) {
        if (channel.remoteAddress() instanceof InetSocketAddress program) {
            Connection connection = new Connection(channel, other);
            byProgram.put(program, connection);
            channel.closeFuture().addListener(closed -> byProgram.remove(program, connection));
        }
    }

    /** The connection from there, or null. */
    public @Nullable Connection from(InetSocketAddress program) {
        return byProgram.get(program);
    }
}

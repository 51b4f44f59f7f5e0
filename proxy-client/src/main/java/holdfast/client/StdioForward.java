package holdfast.client;

import holdfast.client.config.ClientHome;
import holdfast.client.pipe.Pipe;
import holdfast.client.pipe.Tunnel;
import holdfast.console.ControlClient;
import holdfast.protocol.Destination;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;

/** {@code -W HOST:PORT}: stdin and stdout as a connection through the running client. */
final class StdioForward {
    private StdioForward() {}

    static void run(ClientHome home, Destination destination) throws IOException, InterruptedException {
        try (FileInputStream in = new FileInputStream(FileDescriptor.in);
                FileOutputStream out = new FileOutputStream(FileDescriptor.out);
                SocketChannel connection = Tunnel.open(door(home), destination)) {
            Pipe.run(in.getChannel(), out.getChannel(), connection);
        }
    }

    /** A TCP door if there is one that asks for no password: over a Unix-domain socket a broken connection looks like one that has ended. */
    private static SocketAddress door(ClientHome home) {
        for (Destination.Ip each : tcpDoors(home)) {
            if (each.address().isLoopbackAddress()) {
                return new InetSocketAddress(each.address(), each.port());
            }
        }
        return UnixDomainSocketAddress.of(home.door());
    }

    /**
     * Where the running client listens for programs that show no password.
     *
     * @throws holdfast.console.FatalException 69 if no client runs with this home
     */
    static List<Destination.Ip> tcpDoors(ClientHome home) {
        return ControlClient.ask("proxy-client", home.socket(), "doors")
                .lines()
                .filter(each -> !each.startsWith("/"))
                .map(Destination::parse)
                .filter(Destination.Ip.class::isInstance)
                .map(Destination.Ip.class::cast)
                .toList();
    }
}

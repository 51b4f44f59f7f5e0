package holdfast.client.config;

import holdfast.client.door.ListenAddress;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * A port for what the kernel turns here: without an address that means this machine's own, of both families, since each is turned to its own.
 *
 * @param addresses one or two
 */
public record LoopbackPorts(List<ListenAddress.Tcp> addresses) {
    public LoopbackPorts {
        addresses = List.copyOf(addresses);
    }

    /**
     * Reads {@code [BIND:]PORT}.
     *
     * @throws IllegalArgumentException that names the text and what is expected
     */
    public static LoopbackPorts parse(String text) {
        if (!(ListenAddress.parse(text) instanceof ListenAddress.Tcp tcp)) {
            throw new IllegalArgumentException("'" + text + "' is not [BIND:]PORT");
        }
        List<ListenAddress.Tcp> addresses = new ArrayList<>(List.of(tcp));
        if (text.indexOf(':') < 0
                && hasIp6()
                && ListenAddress.parse("[::1]:" + text) instanceof ListenAddress.Tcp ip6) {
            addresses.add(ip6);
        }
        return new LoopbackPorts(addresses);
    }

    private static boolean hasIp6() {
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        try {
            return NetworkInterface.getByInetAddress(InetAddress.getByAddress(loopback)) != null;
        } catch (SocketException | UnknownHostException e) {
            return false;
        }
    }
}

package holdfast.client.opening;

import holdfast.protocol.Destination;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/** Makes a destination of a host as a program wrote it, without ever asking a resolver: names are resolved at the gateway only. */
public final class Destinations {
    private Destinations() {}

    /**
     * The destination: an address where the host is the text of one (IPv6 with or without brackets), else a name in lower case.
     *
     * @throws IllegalArgumentException if it is neither, naming what is wrong
     */
    public static Destination of(String host, int port) {
        boolean isAddress = host.indexOf(':') >= 0 ? host.indexOf('%') < 0 : Destination.isIp4Literal(host);
        byte[] address = isAddress ? NetUtil.createByteArrayFromIpAddressString(host) : null;
        return address == null ? new Destination.Name(host.toLowerCase(Locale.ROOT), port) : ip(address, port);
    }

    /**
     * The destination with this address.
     *
     * @param address 4 or 16 bytes
     */
    public static Destination.Ip ip(byte[] address, int port) {
        try {
            return new Destination.Ip(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of " + address.length + " bytes", e);
        }
    }
}

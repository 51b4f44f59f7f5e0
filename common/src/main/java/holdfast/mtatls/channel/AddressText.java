package holdfast.mtatls.channel;

import holdfast.protocol.Destination;

/** Destinations as two fields: an address without brackets, or a name, as text, and a port. */
final class AddressText {
    private AddressText() {}

    /** Null-free: whoever asks for a Unix-domain path is refused before. */
    static String hostOf(Destination destination) {
        if (destination instanceof Destination.Ip ip) {
            return ip.address().getHostAddress();
        }
        if (destination instanceof Destination.Name name) {
            return name.host();
        }
        throw new IllegalArgumentException("MTA-TLS has no address for " + destination);
    }

    /**
     * What the fields of a request mean.
     *
     * @throws IllegalArgumentException that names the text and what is expected
     */
    static Destination parse(String host, int port) {
        Destination found = Destination.parse((host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port);
        if (found instanceof Destination.Unix) {
            throw new IllegalArgumentException("'" + host + "' is neither an address nor a name");
        }
        return found;
    }
}

package holdfast.server.policy;

import java.net.InetAddress;

/**
 * Opens addresses, and of them all ports or some: {@code --allow CIDR[:PORTS]}.
 *
 * @param addresses the range
 * @param ports of it
 */
public record AddressRule(Cidr addresses, Ports ports) implements Subject {
    /**
     * Reads {@code 10.0.0.0/8}, {@code 10.77.100.1:7700}, {@code 127.0.0.0/8:8000-9000,443}, {@code ::1/128}, {@code [::1]:80} or
     * {@code [::1]/128:80}. Without a length it is the one address, without ports all of them.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    public static AddressRule parse(String text) {
        if (text.startsWith("[")) {
            return bracketed(text);
        }
        int slash = text.indexOf('/');
        boolean isIp6 = text.indexOf(':') >= 0 && text.indexOf(':') != text.lastIndexOf(':');
        // In an IPv6 address without brackets a colon means ports only behind the length.
        int colon = slash >= 0 ? text.indexOf(':', slash) : isIp6 ? -1 : text.indexOf(':');
        return rule(text, colon < 0 ? text : text.substring(0, colon), colon < 0 ? "" : text.substring(colon));
    }

    @Override
    public boolean covers(Question question) {
        return question.isIn(ports) && addresses.contains(question.address());
    }

    /** Whether it is about that port of that address. */
    public boolean covers(InetAddress address, int port) {
        return ports.contains(port) && addresses.contains(address);
    }

    /** Whether no ports were named. */
    public boolean isEveryPort() {
        return ports.equals(Ports.ALL);
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        if (ports.equals(Ports.ALL)) {
            return addresses.toString();
        }
        String range = addresses.toString();
        if (addresses.isIp4()) {
            return range + ":" + ports;
        }
        int slash = range.indexOf('/');
        return slash < 0
                ? "[" + range + "]:" + ports
                : "[" + range.substring(0, slash) + "]" + range.substring(slash) + ":" + ports;
    }

    private static AddressRule bracketed(String text) {
        int end = text.indexOf(']');
        if (end < 0) {
            throw new IllegalArgumentException("'" + text + "' has no closing ]");
        }
        String address = text.substring(1, end);
        String rest = text.substring(end + 1);
        int colon = rest.indexOf(':');
        String length = colon < 0 ? rest : rest.substring(0, colon);
        if (!length.isEmpty() && !length.startsWith("/")) {
            throw new IllegalArgumentException("'" + text + "': behind ] only /LENGTH and :PORTS may follow");
        }
        return rule(text, address + length, colon < 0 ? "" : rest.substring(colon));
    }

    private static AddressRule rule(String text, String range, String ports) {
        try {
            return new AddressRule(Cidr.parse(range), ports.isEmpty() ? Ports.ALL : Ports.parse(ports.substring(1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not ADDRESS[/LENGTH][:PORTS]: " + e.getMessage(), e);
        }
    }
}

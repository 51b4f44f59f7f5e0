package holdfast.server.policy;

import java.util.List;

/**
 * Lets users listen at the gateway: {@code --allow-listen [ADDR:]PORTS}.
 *
 * @param addresses the gateway's own addresses it is about; any of them
 * @param ports of each
 */
public record ListenRule(List<Cidr> addresses, Ports ports) implements Subject {
    private static final Cidr EVERY_IP4 = Cidr.parse("0.0.0.0/0");
    private static final Cidr EVERY_IP6 = Cidr.parse("::/0");

    public ListenRule {
        addresses = List.copyOf(addresses);
    }

    /**
     * Reads {@code 1024-65535} (at every address), {@code 10.77.100.1:1024-65535} or {@code [::1]:80,443}. The addresses {@code 0.0.0.0} and
     * {@code [::]} stand for every address of their family, since who may listen at all of them may listen at each.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    public static ListenRule parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return new ListenRule(List.of(EVERY_IP4, EVERY_IP6), ports(text, text));
        }
        Cidr addresses = AddressRule.parse(text.substring(0, colon)).addresses();
        if (addresses.equals(Cidr.parse("0.0.0.0"))) {
            addresses = EVERY_IP4;
        } else if (addresses.equals(Cidr.parse("::"))) {
            addresses = EVERY_IP6;
        }
        return new ListenRule(List.of(addresses), ports(text, text.substring(colon + 1)));
    }

    @Override
    public boolean covers(Question question) {
        return question.isIn(ports) && isAbout(question.address());
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        if (addresses.size() > 1) {
            return ports.toString();
        }
        Cidr range = addresses.get(0);
        if (range.equals(EVERY_IP4) || range.equals(EVERY_IP6)) {
            return (range.isIp4() ? "0.0.0.0:" : "[::]:") + ports;
        }
        return new AddressRule(range, ports).toString();
    }

    boolean isAbout(byte[] address) {
        return addresses.stream().anyMatch(each -> each.contains(address));
    }

    private static Ports ports(String text, String ports) {
        try {
            return Ports.parse(ports);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not [ADDRESS:]PORTS: " + e.getMessage(), e);
        }
    }
}

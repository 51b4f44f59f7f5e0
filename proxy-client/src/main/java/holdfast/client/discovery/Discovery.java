package holdfast.client.discovery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Looks for gateways of a domain, everywhere they may be announced, and explains what was found.
 *
 * @param nameServer for names of the world
 * @param link where the machines of the local link are asked
 */
public record Discovery(InetSocketAddress nameServer, InetSocketAddress link) {
    /** Multicast DNS (RFC 6762). */
    public static final int LINK_PORT = 5353;

    private static final byte[] MULTICAST = {(byte) 224, 0, 0, (byte) 251};

    static final String LINK = "local link (DNS-SD)";
    static final String PAGE = "web page";
    static final int MAX_HINTS = 64;
    private static final String SVCB = "DNS (SVCB)";
    private static final String SRV = "DNS (SRV)";
    private static final int MAX_DOMAIN = 200;
    private static final String LOCAL = "local";

    /**
     * What came of it.
     *
     * @param report a line for each thing found or not found, for a terminal
     * @param usable HOST:PORT of those that can be dialed, the best first, none twice
     */
    public record Found(List<String> report, List<String> usable) {}

    private interface Asking {
        List<Hint> hints() throws IOException;
    }

    /**
     * Asks the name server that the system asks first, and the machines of the local link by multicast.
     *
     * @throws IOException where the system names no server
     */
    public static Discovery usual() throws IOException {
        return asking(NameServer.ofTheSystem());
    }

    /** Asks this name server, and the machines of the local link by multicast. */
    public static Discovery asking(InetSocketAddress nameServer) throws IOException {
        return new Discovery(nameServer, new InetSocketAddress(InetAddress.getByAddress(MULTICAST), LINK_PORT));
    }

    /**
     * The domain, in small letters and without a dot at its end.
     *
     * @throws IllegalArgumentException if that is no domain
     */
    public static String domain(String text) {
        String domain = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (domain.length() > MAX_DOMAIN
                || !domain.matches("([A-Za-z0-9_]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.?)+")
                || domain.endsWith(".")) {
            throw new IllegalArgumentException(
                    "'" + Hint.printable(text) + "' is not a domain, as example.com, or local");
        }
        return domain.toLowerCase(Locale.ROOT);
    }

    /** Asks everywhere, one after the other; a domain {@code local} means the local link. */
    public Found look(String domain, boolean askWebServer) {
        List<String> report = new ArrayList<>();
        List<Hint> all = new ArrayList<>();
        if (domain.equals(LOCAL)) {
            ask(LINK, report, all, this::onLink);
        } else {
            NameServer server = new NameServer(nameServer);
            ask(SVCB, report, all, () -> svcb(server, domain));
            ask(SRV, report, all, () -> srv(server, domain));
            if (askWebServer) {
                ask(PAGE, report, all, () -> WellKnown.ask(domain));
            }
        }
        List<String> usable = all.stream()
                .filter(each -> each.objection().isEmpty())
                .sorted(Comparator.comparingInt(Hint::priority))
                .map(Hint::address)
                .distinct()
                .toList();
        return new Found(report, usable);
    }

    private static void ask(String source, List<String> report, List<Hint> all, Asking asking) {
        try {
            List<Hint> hints = asking.hints();
            if (hints.isEmpty()) {
                report.add(source + ": nothing");
            }
            for (Hint each : hints.subList(0, Math.min(hints.size(), MAX_HINTS))) {
                all.add(each);
                report.add(source + ": " + each.address() + ", priority " + each.priority()
                        + each.objection().map(why -> " - not used: " + why).orElse(""));
            }
        } catch (IOException e) {
            report.add(source + ": not found out: " + reason(e));
        }
    }

    private static String reason(IOException e) {
        if (e instanceof UnknownHostException) {
            return "there is no machine of that name";
        }
        String message = e.getMessage();
        // What the system says of a port that is closed has no words.
        return message == null ? "nobody answers" : Hint.printable(message).replace('?', ' ');
    }

    /** Service mode only; an alias (priority 0) leads to another name, which the name server follows. */
    private static List<Hint> svcb(NameServer server, String domain) throws IOException {
        String name = "_holdfast." + domain;
        return server.ask(name, DnsMessage.SVCB).stream()
                .filter(each -> each.type() == DnsMessage.SVCB && DnsMessage.isSame(each.name(), name))
                .map(each ->
                        new Hint(SVCB, each.target().isEmpty() ? domain : each.target(), each.port(), each.priority()))
                .toList();
    }

    private static List<Hint> srv(NameServer server, String domain) throws IOException {
        String name = "_holdfast._tcp." + domain;
        return server.ask(name, DnsMessage.SRV).stream()
                .filter(each -> each.type() == DnsMessage.SRV && DnsMessage.isSame(each.name(), name))
                .map(each -> new Hint(SRV, each.target(), each.port(), each.priority()))
                .toList();
    }

    /** Instances of the service, and where they are: who answers says both at once (RFC 6763 section 12.1). */
    private List<Hint> onLink() throws IOException {
        List<DnsMessage.Answer> all = new NameServer(link).askEverybody("_holdfast._tcp.local", DnsMessage.PTR);
        return all.stream()
                .filter(each -> each.type() == DnsMessage.SRV
                        && all.stream()
                                .anyMatch(instance -> instance.type() == DnsMessage.PTR
                                        && DnsMessage.isSame(instance.target(), each.name())))
                .map(each -> new Hint(LINK, each.target(), each.port(), each.priority()))
                // Somebody who is on two links with this machine was asked twice.
                .distinct()
                .toList();
    }
}

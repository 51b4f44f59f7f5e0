package holdfast.client.redirect;

import holdfast.protocol.Destination;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;

/** The rules of {@link IptablesRules} as one table of nft, which knows both families. For TPROXY the two routes are commands of ip. */
public final class NftRules {
    private static final String TABLE = "inet holdfast";
    private static final String MARK = "0x4846";
    private static final int ROUTES = 18502;

    private NftRules() {}

    /** Lines of a shell script. */
    public static List<String> add(Turned turned) {
        List<String> lines = new ArrayList<>();
        if (turned.tproxy().isPresent()) {
            for (String ip : List.of("ip", "ip -6")) {
                lines.add(ip + " rule add fwmark " + MARK + " lookup " + ROUTES);
                lines.add(ip + " route add local default dev lo table " + ROUTES);
            }
        }
        lines.add("nft -f - <<'END'");
        lines.add("table " + TABLE + " {");
        if (turned.redirect().isPresent() || turned.dns().isPresent()) {
            nat(lines, turned);
        }
        turned.tproxy().ifPresent(port -> tproxy(lines, turned, port));
        lines.add("}");
        lines.add("END");
        return lines;
    }

    /** Takes away what {@link #add} makes. */
    public static List<String> remove(Turned turned) {
        List<String> lines = new ArrayList<>(List.of("nft delete table " + TABLE));
        if (turned.tproxy().isPresent()) {
            for (String ip : List.of("ip", "ip -6")) {
                lines.add(ip + " rule del fwmark " + MARK + " lookup " + ROUTES);
                lines.add(ip + " route flush table " + ROUTES);
            }
        }
        return lines;
    }

    private static void nat(List<String> lines, Turned turned) {
        lines.add("  chain names_and_connections {");
        lines.add("    type nat hook output priority -100; policy accept;");
        leaveAlone(lines, turned);
        turned.dns().ifPresent(port -> {
            lines.add("    udp dport 53 redirect to :" + port);
            lines.add("    tcp dport 53 redirect to :" + port);
        });
        lines.add("    fib daddr type local return");
        turned.redirect().ifPresent(port -> lines.add("    meta l4proto tcp redirect to :" + port));
        lines.add("  }");
    }

    private static void tproxy(List<String> lines, Turned turned, int port) {
        lines.add("  chain marking {");
        lines.add("    type route hook output priority -150; policy accept;");
        leaveAlone(lines, turned);
        lines.add("    fib daddr type local return");
        if (turned.dns().isPresent()) {
            lines.add("    tcp dport 53 return");
        }
        lines.add("    meta l4proto tcp meta mark set " + MARK);
        lines.add("  }");
        lines.add("  chain delivery {");
        lines.add("    type filter hook prerouting priority -150; policy accept;");
        lines.add("    meta mark " + MARK + " meta nfproto ipv4 meta l4proto tcp tproxy ip to 127.0.0.1:" + port);
        lines.add("    meta mark " + MARK + " meta nfproto ipv6 meta l4proto tcp tproxy ip6 to [::1]:" + port);
        lines.add("  }");
    }

    private static void leaveAlone(List<String> lines, Turned turned) {
        for (Destination.Ip each : turned.gateways()) {
            String family = each.address() instanceof Inet4Address ? "ip" : "ip6";
            lines.add("    " + family + " daddr " + each.address().getHostAddress() + " tcp dport " + each.port()
                    + " return");
        }
        if (!turned.user().isEmpty()) {
            lines.add("    meta skuid " + turned.user() + " return");
        }
    }
}

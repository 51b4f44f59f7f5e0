package holdfast.client.redirect;

import holdfast.protocol.Destination;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules as commands of iptables, ip6tables and ip. Everything is in chains of one name, so that taking them away needs no knowledge of what was in them.
 *
 * <p>Names first: a question to a local resolver would be asked on by that one. Then what stays on this machine is left alone, and the rest is turned.
 */
public final class IptablesRules {
    private static final String CHAIN = "HOLDFAST";
    /** Says of a packet that the client is to have it; and the routing table that delivers such packets here. */
    private static final String MARK = "0x4846";

    private static final int TABLE = 18502;

    private IptablesRules() {}

    /** One command a line. */
    public static List<String> add(Turned turned) {
        List<String> lines = new ArrayList<>();
        for (boolean ip4 : new boolean[] {true, false}) {
            String tables = ip4 ? "iptables" : "ip6tables";
            if (turned.redirect().isPresent() || turned.dns().isPresent()) {
                nat(lines, tables + " -t nat", turned, ip4);
            }
            if (turned.tproxy().isPresent()) {
                mangle(lines, tables + " -t mangle", turned, ip4);
            }
        }
        return lines;
    }

    /** Takes away what {@link #add} makes; each line by itself, so that one that fails stops nothing. */
    public static List<String> remove(Turned turned) {
        List<String> lines = new ArrayList<>();
        for (boolean ip4 : new boolean[] {true, false}) {
            String tables = ip4 ? "iptables" : "ip6tables";
            if (turned.redirect().isPresent() || turned.dns().isPresent()) {
                removeChain(lines, tables + " -t nat", "OUTPUT");
            }
            if (turned.tproxy().isPresent()) {
                lines.add(tables + " -t mangle -D PREROUTING " + tproxy(turned, ip4));
                removeChain(lines, tables + " -t mangle", "OUTPUT");
                String ip = ip4 ? "ip" : "ip -6";
                lines.add(ip + " rule del fwmark " + MARK + " lookup " + TABLE);
                lines.add(ip + " route flush table " + TABLE);
            }
        }
        return lines;
    }

    private static void nat(List<String> lines, String table, Turned turned, boolean ip4) {
        String add = table + " -A " + CHAIN;
        lines.add(table + " -N " + CHAIN);
        leaveAlone(lines, add, turned, ip4);
        turned.dns().ifPresent(port -> {
            lines.add(add + " -p udp --dport 53 -j REDIRECT --to-ports " + port);
            lines.add(add + " -p tcp --dport 53 -j REDIRECT --to-ports " + port);
        });
        lines.add(add + " -m addrtype --dst-type LOCAL -j RETURN");
        turned.redirect().ifPresent(port -> lines.add(add + " -p tcp -j REDIRECT --to-ports " + port));
        lines.add(table + " -A OUTPUT -j " + CHAIN);
    }

    private static void mangle(List<String> lines, String table, Turned turned, boolean ip4) {
        String ip = ip4 ? "ip" : "ip -6";
        lines.add(ip + " rule add fwmark " + MARK + " lookup " + TABLE);
        lines.add(ip + " route add local default dev lo table " + TABLE);
        String add = table + " -A " + CHAIN;
        lines.add(table + " -N " + CHAIN);
        leaveAlone(lines, add, turned, ip4);
        lines.add(add + " -m addrtype --dst-type LOCAL -j RETURN");
        if (turned.dns().isPresent()) {
            lines.add(add + " -p tcp --dport 53 -j RETURN");
        }
        lines.add(add + " -p tcp -j MARK --set-mark " + MARK);
        lines.add(table + " -A OUTPUT -j " + CHAIN);
        lines.add(table + " -A PREROUTING " + tproxy(turned, ip4));
    }

    private static String tproxy(Turned turned, boolean ip4) {
        return "-p tcp -m mark --mark " + MARK + " -j TPROXY --on-ip " + (ip4 ? "127.0.0.1" : "::1") + " --on-port "
                + turned.tproxy().orElseThrow() + " --tproxy-mark " + MARK;
    }

    private static void leaveAlone(List<String> lines, String add, Turned turned, boolean ip4) {
        for (Destination.Ip each : turned.gateways(ip4)) {
            lines.add(add + " -p tcp -d " + each.address().getHostAddress() + " --dport " + each.port() + " -j RETURN");
        }
        if (!turned.user().isEmpty()) {
            lines.add(add + " -m owner --uid-owner " + turned.user() + " -j RETURN");
        }
    }

    private static void removeChain(List<String> lines, String table, String from) {
        lines.add(table + " -D " + from + " -j " + CHAIN);
        lines.add(table + " -F " + CHAIN);
        lines.add(table + " -X " + CHAIN);
    }
}

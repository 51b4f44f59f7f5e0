package holdfast.client.redirect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.protocol.Destination;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The rules leave the gateway alone before they turn anything, and can be taken away. */
final class RulesTest {
    private static final List<Destination.Ip> GATEWAYS =
            List.of((Destination.Ip) Destination.parse("192.0.2.1:7443"), (Destination.Ip)
                    Destination.parse("[2001:db8::1]:7443"));

    @Test
    void redirectWithNames() {
        Turned turned = new Turned(GATEWAYS, "", OptionalInt.of(1081), OptionalInt.empty(), OptionalInt.of(1053));

        assertThat(IptablesRules.add(turned).subList(0, 7))
                .containsExactly(
                        "iptables -t nat -N HOLDFAST",
                        "iptables -t nat -A HOLDFAST -p tcp -d 192.0.2.1 --dport 7443 -j RETURN",
                        "iptables -t nat -A HOLDFAST -p udp --dport 53 -j REDIRECT --to-ports 1053",
                        "iptables -t nat -A HOLDFAST -p tcp --dport 53 -j REDIRECT --to-ports 1053",
                        "iptables -t nat -A HOLDFAST -m addrtype --dst-type LOCAL -j RETURN",
                        "iptables -t nat -A HOLDFAST -p tcp -j REDIRECT --to-ports 1081",
                        "iptables -t nat -A OUTPUT -j HOLDFAST");
        assertThat(IptablesRules.add(turned))
                .contains("ip6tables -t nat -A HOLDFAST -p tcp -d 2001:db8:0:0:0:0:0:1 --dport 7443 -j RETURN");
        assertThat(IptablesRules.remove(turned))
                .containsExactly(
                        "iptables -t nat -D OUTPUT -j HOLDFAST",
                        "iptables -t nat -F HOLDFAST",
                        "iptables -t nat -X HOLDFAST",
                        "ip6tables -t nat -D OUTPUT -j HOLDFAST",
                        "ip6tables -t nat -F HOLDFAST",
                        "ip6tables -t nat -X HOLDFAST");
        assertThat(NftRules.add(turned))
                .containsSubsequence(
                        "    ip daddr 192.0.2.1 tcp dport 7443 return",
                        "    udp dport 53 redirect to :1053",
                        "    fib daddr type local return",
                        "    meta l4proto tcp redirect to :1081");
        assertThat(NftRules.remove(turned)).containsExactly("nft delete table inet holdfast");
    }

    @Test
    void tproxyMarksWhatLeavesAndDeliversItHere() {
        Turned turned =
                new Turned(GATEWAYS, "holdfast", OptionalInt.empty(), OptionalInt.of(1081), OptionalInt.empty());

        assertThat(IptablesRules.add(turned))
                .containsSubsequence(
                        "ip rule add fwmark 0x4846 lookup 18502",
                        "ip route add local default dev lo table 18502",
                        "iptables -t mangle -A HOLDFAST -p tcp -d 192.0.2.1 --dport 7443 -j RETURN",
                        "iptables -t mangle -A HOLDFAST -m owner --uid-owner holdfast -j RETURN",
                        "iptables -t mangle -A HOLDFAST -m addrtype --dst-type LOCAL -j RETURN",
                        "iptables -t mangle -A HOLDFAST -p tcp -j MARK --set-mark 0x4846",
                        "iptables -t mangle -A PREROUTING -p tcp -m mark --mark 0x4846 -j TPROXY --on-ip 127.0.0.1 --on-port 1081"
                                + " --tproxy-mark 0x4846");
        assertThat(IptablesRules.remove(turned)).contains("ip -6 rule del fwmark 0x4846 lookup 18502");
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        OptionalInt port = OptionalInt.of(1);
        OptionalInt none = OptionalInt.empty();
        assertThatThrownBy(() -> new Turned(GATEWAYS, "", port, port, none)).hasMessageContaining("not by both");
        assertThatThrownBy(() -> new Turned(GATEWAYS, "", none, none, none)).hasMessageContaining("--redirect");
    }
}

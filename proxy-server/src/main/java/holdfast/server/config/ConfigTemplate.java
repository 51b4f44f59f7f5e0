package holdfast.server.config;

import holdfast.protocol.Destination;
import java.util.List;
import java.util.stream.Collectors;

/** The config of a new gateway: what has to be said, and as comments what may be. */
final class ConfigTemplate {
    private ConfigTemplate() {}

    static String text(List<Destination> addresses) {
        String list = addresses.stream().map(each -> "\"" + each + "\"").collect(Collectors.joining(", "));
        return """
                # The settings of this gateway, in TOML. What is commented out shows the default.
                # Rules, limits and addresses hold within seconds after a change; the rest when  proxy-server run  is started again.

                # Where clients reach this gateway. All are ways to the same one; invitations name them.
                addresses = [%s]

                # Where it listens. Default: the ports of the addresses, on every interface.
                # listen = ["0.0.0.0:7443", "[::]:7443"]

                # Destinations that are open besides the public ones: CIDR[:PORTS]. Private networks and this machine itself are
                # closed until they are named here or with --allow. For example ["10.0.0.0/8", "192.168.1.5:22,80"]; or the path of a
                # Unix-domain socket here, as "/run/postgresql/.s.PGSQL.5432".
                # allow = []

                # What is closed, whatever is open: [VERBS ]CIDR-OR-NAME[:PORTS], as ["*.ads.example", "udp *", "connect *:25"].
                # deny = []

                # Whether public addresses are open that no rule names. With "closed" only what rules allow can be reached.
                # public-addresses = "open"

                # Where users may listen at this gateway, for SOCKS BIND and -R: [ADDRESS:]PORTS, or paths, as "/run/holdfast/*.sock".
                # allow-listen = []

                # Destinations that are told who connects, by a PROXY protocol header in front of everything else: ADDRESS:PORTS and
                # v1, v2, or "v2 binding". For example ["10.9.0.5:5432 v2 binding"].
                # proxy-header = []

                # How long the streams of a client that has lost its network are kept, as 30m, 24h or 7d.
                # hold-time = "24h"

                # What all sessions without a network may hold together. From half of it on they read nothing more from their
                # destinations; beyond it the largest and oldest of them end.
                # hold-memory = "256MB"

                # How long open connections have to end when the gateway is asked to.
                # drain-time = "5s"

                # Where clients that have a login there may go meanwhile, as HOST:PORT.
                # other-gateways = []

                [limits]
                # Of each user, and of each session:
                # sessions-per-user = 16
                # streams-per-session = 16384
                # opens-per-second = 5000
                # joins-per-minute = 6000
                # failed-connects-per-minute = 600
                # datagrams-per-second = 20000
                # Also, without a default:  bandwidth, as "10MB" (a second, each way), and  monthly-quota, as "500GB"  (both ways).
                # Of all together, and of those who have not logged in:
                # streams = 65536
                # unauthenticated-connections = 1000
                # unauthenticated-drop-from = 100
                # unauthenticated-per-source = 16
                # handshakes-per-minute = 600


                [audit]
                # One line for each session, path, connection and refusal. A file in this folder, or elsewhere; "none" for none.
                # file = "audit.log"
                # max-size = "100MB"
                # keep = 10
                # When the disk is full: "continue" and lose lines, or "refuse" everything new.
                # on-full = "continue"

                [conditions]
                # What clients are told before they open anything, and may refuse. "none", "connections" (who, where, when, how
                # much) or "content"; default: what the audit does.
                # recording = "connections"
                # For how long it is kept; default: nothing is promised.
                # retention = "30d"
                # What else they should know:
                # ports = "443,993"
                # listen = "8080 of 10.77.100.1"

                [chains]
                # Further gateways that clients may reach through this one, as ["gw2.example:7443"]: then it is a relay.
                # relay-to = []
                # Relays through which clients may come here, by their keys, which  proxy-server status  shows there.
                # accept-from = []

                # Rules for the members of a group. They decide before those above, and those of single users before these.
                # [groups.staff]
                # members = ["alice"]
                # allow = ["10.6.0.0/16:22,443", "*.corp.example"]
                # deny = ["10.6.0.1"]

                # Rules for single users; the name stands behind "users.".
                # [users.alice]
                # allow = ["10.5.0.0/16"]
                # allow-listen = ["8080"]
                # hold-time = "2h"
                # Limits of single users stand under  [users.NAME.limits].
                """.formatted(list);
    }
}

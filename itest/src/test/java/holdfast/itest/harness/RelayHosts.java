package holdfast.itest.harness;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Three further hosts as network namespaces, joined so that the gateway is reached from here through the relays only. Needs root, as in CI.
 *
 * <pre>
 *            +--- r1  10.214.0.1 ---+
 *   here ----+     |                +--- g  10.214.0.9 ---- here  10.214.6.1, destinations
 *            +--- r2  10.214.0.2 ---+
 * </pre>
 */
public final class RelayHosts implements AutoCloseable {
    public static final String RELAY_1 = "r1";
    public static final String RELAY_2 = "r2";
    public static final String GATEWAY = "g";
    public static final String DESTINATION = "10.214.6.1";

    private static final String HERE = "";

    private final String prefix = "hf" + ProcessHandle.current().pid() % 10_000;

    private RelayHosts() {}

    /** Makes them. */
    public static RelayHosts make() throws Exception {
        Tools.requireRoot("network namespaces");
        RelayHosts hosts = new RelayHosts();
        for (String each : List.of(RELAY_1, RELAY_2, GATEWAY)) {
            Program.run("ip", "netns", "add", hosts.name(each)).ok();
            hosts.ip(each, "link set lo up");
            hosts.ip(each, "addr add " + address(each) + "/32 dev lo");
        }
        hosts.cable(1, HERE, RELAY_1);
        hosts.cable(2, HERE, RELAY_2);
        hosts.cable(3, RELAY_1, RELAY_2);
        hosts.cable(4, RELAY_1, GATEWAY);
        hosts.cable(5, RELAY_2, GATEWAY);
        hosts.cable(6, HERE, GATEWAY);
        hosts.route(HERE, RELAY_1, 1);
        hosts.route(HERE, RELAY_2, 2);
        hosts.route(RELAY_1, RELAY_2, 3);
        hosts.route(RELAY_1, GATEWAY, 4);
        hosts.route(RELAY_2, GATEWAY, 5);
        hosts.ip(HERE, "route add unreachable " + address(GATEWAY) + "/32");
        return hosts;
    }

    /** Where a host is reached. */
    public static String address(String host) {
        return switch (host) {
            case RELAY_1 -> "10.214.0.1";
            case RELAY_2 -> "10.214.0.2";
            case GATEWAY -> "10.214.0.9";
            default -> throw new IllegalArgumentException(host);
        };
    }

    /** Two hosts get the addresses .1 and .2 of a network of their own. */
    private void cable(int number, String one, String other) throws Exception {
        String first = prefix + "c" + number + "a";
        String second = prefix + "c" + number + "b";
        ip(HERE, "link add " + first + " type veth peer name " + second);
        plug(first, one, "10.214." + number + ".1");
        plug(second, other, "10.214." + number + ".2");
    }

    private void plug(String end, String host, String address) throws Exception {
        if (!host.equals(HERE)) {
            ip(HERE, "link set " + end + " netns " + name(host));
        }
        ip(host, "addr add " + address + "/24 dev " + end);
        ip(host, "link set " + end + " up");
    }

    private void route(String from, String to, int cable) throws Exception {
        ip(from, "route add " + address(to) + "/32 via 10.214." + cable + ".2");
    }

    private String name(String host) {
        return prefix + host;
    }

    private void ip(String host, String words) throws Exception {
        List<String> all = new ArrayList<>(host.equals(HERE) ? List.of() : List.of("-n", name(host)));
        all.addAll(List.of(words.split(" ", -1)));
        Program.run("ip", all.toArray(String[]::new)).ok();
    }

    /** The words of a command as it runs on a host. */
    public List<String> words(String host, Object... command) {
        List<String> words = new ArrayList<>(List.of(Tools.require("ip"), "netns", "exec", name(host)));
        Stream.of(command).map(Object::toString).forEach(words::add);
        return words;
    }

    @Override
    public void close() throws IOException {
        try {
            Program.run("ip", "route", "del", "unreachable", address(GATEWAY) + "/32");
            for (String each : List.of(RELAY_1, RELAY_2, GATEWAY)) {
                Program.run("ip", "netns", "del", name(each)).ok();
            }
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("while removing the relays' hosts", e);
        }
    }
}

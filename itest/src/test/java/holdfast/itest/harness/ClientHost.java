package holdfast.itest.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A second host for the client: a network namespace with a cable to this one, a default route that works, and a name server that could be asked. What leaves it is
 * counted by the kernel. Needs root, as in CI.
 *
 * <pre>
 *   client's host                        this host
 *   10.213.77.2, fd77::2  --- cable ---  10.213.77.1, fd77::1   the gateway
 *                                        10.213.78.1, fd78::1   destinations, beyond the gateway, and reached without it just as well
 * </pre>
 */
public final class ClientHost implements AutoCloseable {
    public static final String GATEWAY = "10.213.77.1";
    public static final String DESTINATION = "10.213.78.1";
    public static final String DESTINATION6 = "fd78::1";

    /** With the cable's file systems put in place, so that nothing of this host's set-up shows. */
    private static final String IN_PLACE =
            "mount --bind \"$0\" /etc/resolv.conf; mount --bind \"$1\" /etc/hosts; shift; exec \"$@\"";

    private final String name = "hf" + ProcessHandle.current().pid() % 100_000;
    private final Path resolver;
    private final Path hosts;

    private ClientHost(Path folder) throws IOException {
        resolver = Files.writeString(
                folder.resolve("resolv.conf"), "nameserver " + GATEWAY + "\noptions timeout:1 attempts:1\n");
        hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n");
    }

    /** Makes it; its few files go into the folder. */
    public static ClientHost make(Path folder) throws Exception {
        Tools.requireRoot("a network namespace");
        ClientHost host = new ClientHost(folder);
        Program.run("ip", "netns", "add", host.name).ok();
        String here = host.name + "a";
        String there = host.name + "b";
        here("link add " + here + " type veth peer name " + there);
        here("link set " + there + " netns " + host.name);
        here("addr add " + GATEWAY + "/24 dev " + here);
        here("addr add " + DESTINATION + "/32 dev " + here);
        here("-6 addr add fd77::1/64 dev " + here + " nodad");
        here("-6 addr add " + DESTINATION6 + "/128 dev " + here + " nodad");
        here("link set " + here + " up");
        host.there("link set lo up");
        host.there("addr add 10.213.77.2/24 dev " + there);
        host.there("-6 addr add fd77::2/64 dev " + there + " nodad");
        host.there("link set " + there + " up");
        host.there("route add default via " + GATEWAY);
        host.there("-6 route add default via fd77::1");
        return host;
    }

    private static void here(String words) throws Exception {
        Program.run("ip", words.split(" ", -1)).ok();
    }

    private void there(String words) throws Exception {
        Program.run(
                        "ip",
                        Stream.concat(Stream.of("-n", name), Stream.of(words.split(" ", -1)))
                                .toArray(String[]::new))
                .ok();
    }

    /** The words of a command as it runs on that host. */
    public List<String> words(Object... command) {
        List<String> words = new ArrayList<>(List.of(Tools.require("ip"), "netns", "exec", name));
        words.addAll(List.of("sh", "-c", IN_PLACE, resolver.toString(), hosts.toString()));
        Stream.of(command).map(Object::toString).forEach(words::add);
        return words;
    }

    /** A program on that host. */
    public Program program(Object... command) {
        List<String> words = words(command);
        return Program.of(words.get(0), words.subList(1, words.size()).toArray(String[]::new));
    }

    /**
     * From now on counts what leaves by the cable without going to the gateway: connections, and questions for names. Counted behind the routing: before, even
     * packets that a rule has turned to this host seem bound for the cable.
     */
    public void count() throws Exception {
        for (String tables : List.of("iptables", "ip6tables")) {
            program(Tools.require(tables), "-t", "mangle", "-N", "LEAKS").run().ok();
            if (tables.equals("iptables")) {
                program(
                                Tools.require(tables),
                                "-t",
                                "mangle",
                                "-A",
                                "LEAKS",
                                "-p",
                                "tcp",
                                "-d",
                                GATEWAY,
                                "--dport",
                                "7443",
                                "-j",
                                "RETURN")
                        .run()
                        .ok();
            }
            for (String protocol : List.of("tcp", "udp")) {
                program(Tools.require(tables), "-t", "mangle", "-A", "LEAKS", "-p", protocol, "-j", "RETURN")
                        .run()
                        .ok();
            }
            program(Tools.require(tables), "-t", "mangle", "-A", "POSTROUTING", "-o", name + "b", "-j", "LEAKS")
                    .run()
                    .ok();
        }
    }

    /** How many packets have left since {@link #count} that should not have. */
    public long leaks() throws Exception {
        long leaks = 0;
        for (String tables : List.of("iptables", "ip6tables")) {
            String lines = program(Tools.require(tables), "-t", "mangle", "-L", "LEAKS", "-v", "-x", "-n")
                    .run()
                    .ok()
                    .output();
            leaks += lines.lines()
                    .filter(line -> line.contains("RETURN") && !line.contains("dpt:7443"))
                    .mapToLong(line -> Long.parseLong(line.strip().split("\\s+", -1)[0]))
                    .sum();
        }
        return leaks;
    }

    @Override
    public void close() throws IOException {
        try {
            Program.run("ip", "netns", "del", name).ok();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("while removing the client's host", e);
        }
    }
}

package holdfast.itest.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Both programs running, the client on a {@link ClientHost}. Only the gateway knows the names: {@code web.test} and {@code web6.test}. */
public final class TwoHosts implements AutoCloseable {
    private static final Duration READY_LIMIT = Duration.ofSeconds(30);
    private static final String READY = "(?m)^.*\\bready\\b.*$";

    private final Path folder;
    private final ClientHost host;
    private final Daemon gateway;
    private final Daemon client;

    private TwoHosts(Path folder, ClientHost host, Daemon gateway, Daemon client) {
        this.folder = folder;
        this.host = host;
        this.gateway = gateway;
        this.client = client;
    }

    /**
     * Makes them.
     *
     * @param options further ones of {@code proxy-client run}
     */
    public static TwoHosts start(Path folder, String... options) throws Exception {
        ClientHost host = ClientHost.make(folder);
        Path gatewayHome = folder.resolve("gateway");
        Path names = Files.writeString(
                folder.resolve("gateway-hosts"),
                "127.0.0.1 localhost\n" + ClientHost.DESTINATION + " web.test\n" + ClientHost.DESTINATION6
                        + " web6.test\n");
        String address = ClientHost.GATEWAY + ":7443";
        Program.run(TestBed.GATEWAY.toString(), "init", "--home", gatewayHome.toString(), "--address", address)
                .ok();
        List<String> serve = List.of(
                Tools.require("unshare"),
                "-m",
                "sh",
                "-c",
                "mount --bind \"$0\" /etc/hosts; exec \"$@\"",
                names.toString(),
                TestBed.GATEWAY.toString(),
                "run",
                "--home",
                gatewayHome.toString(),
                "--allow",
                ClientHost.DESTINATION + "/32",
                "--allow",
                ClientHost.DESTINATION6 + "/128");
        Daemon gateway = Daemon.start("gateway", folder.resolve("gateway.log"), serve, Map.of())
                .awaitLog(READY, READY_LIMIT);
        String invitation = Program.run(TestBed.GATEWAY.toString(), "invite", "alice", "--home", gatewayHome.toString())
                .ok()
                .output()
                .strip();
        Path home = folder.resolve("client");
        host.program(TestBed.CLIENT, "login", invitation, "--home", home).run().ok();
        List<Object> run = new ArrayList<>(List.of(TestBed.CLIENT, "run", "--home", home));
        run.addAll(List.of(options));
        Daemon client = Daemon.start("client", folder.resolve("client.log"), host.words(run.toArray()), Map.of())
                .awaitLog(READY, READY_LIMIT);
        return new TwoHosts(folder, host, gateway, client);
    }

    public ClientHost host() {
        return host;
    }

    /** The words of {@code proxy-client} with the client's home. */
    public Object[] client(String... words) {
        return Stream.of(
                        Stream.of(TestBed.CLIENT, words[0], "--home", folder.resolve("client")),
                        Stream.of(words).skip(1))
                .flatMap(each -> each)
                .toArray();
    }

    /** Takes the gateway away, as a power cut would. */
    public void stopGateway() {
        gateway.close();
    }

    public String logs() throws IOException {
        return Files.readString(folder.resolve("client.log")) + Files.readString(folder.resolve("gateway.log"));
    }

    @Override
    public void close() throws IOException {
        client.close();
        gateway.close();
        host.close();
    }
}

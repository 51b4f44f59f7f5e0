package holdfast.itest.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Both programs, running: keys made, a user invited and logged in, in folders of their own, with 127.0.0.1 and ::1 as allowed destinations. As a static field with
 * {@code @RegisterExtension} it is there for all tests of a class; after a failed test it prints what the programs logged; at the end it stops them by
 * SIGTERM and fails unless both end with 0 and neither logged a buffer leak.
 */
public final class TestBed implements BeforeAllCallback, AfterTestExecutionCallback, AfterAllCallback, AutoCloseable {
    /** The launchers, as {@code ./mvnw package} leaves them. */
    public static final Path CLIENT = launcher("holdfast.client", "proxy-client/target/proxy-client");

    public static final Path GATEWAY = launcher("holdfast.server", "proxy-server/target/proxy-server");

    private static final Duration READY_LIMIT = Duration.ofSeconds(30);

    /** The launcher switches Netty's watch for lost buffers off, because it costs. */
    private static final Map<String, String> WATCHING_BUFFERS =
            Map.of("HOLDFAST_JAVA_OPTS", "-Dio.netty.leakDetection.level=simple");

    private static final String READY = "(?m)^.*\\bready\\b.*$";
    private static final int LINES_SHOWN = 60;

    private final List<String> clientOptions = new ArrayList<>();
    private final List<String> gatewayOptions = new ArrayList<>();
    private final List<String> gatewayWrapper = new ArrayList<>();
    private final List<FlakyLink> links = new ArrayList<>();
    private int linkCount;
    private long linkSeed;
    private @Nullable Path folder;
    private int gatewayPort;
    private int socksPort;
    private @Nullable Daemon gateway;
    private @Nullable Daemon client;

    private TestBed() {}

    /** Both programs with their defaults, the client dialing the gateway directly. */
    public static TestBed plain() {
        return new TestBed();
    }

    /** The client reaches the gateway over this many links only, each an address of the gateway. */
    public TestBed over(int flakyLinks, long seed) {
        linkCount = flakyLinks;
        linkSeed = seed;
        return this;
    }

    /** Further options of {@code proxy-client run}. */
    public TestBed client(String... options) {
        clientOptions.addAll(List.of(options));
        return this;
    }

    /** Further options of {@code proxy-server run}. */
    public TestBed gateway(String... options) {
        gatewayOptions.addAll(List.of(options));
        return this;
    }

    /** The words before the gateway's command, which must become it ({@code prlimit -n 300}). */
    public TestBed gatewayUnder(List<String> words) {
        gatewayWrapper.addAll(words);
        return this;
    }

    /** Makes the identities and starts both programs; returns when both are ready. */
    public TestBed start() throws Exception {
        folder = Files.createTempDirectory("holdfast-itest");
        gatewayPort = Ports.free();
        socksPort = Ports.free();
        for (int i = 0; i < linkCount; i++) {
            links.add(new FlakyLink(gatewayPort, linkSeed + i));
        }
        String addresses = links.isEmpty()
                ? "127.0.0.1:" + gatewayPort
                : links.stream().map(link -> "127.0.0.1:" + link.port()).collect(Collectors.joining(","));
        Program.run(GATEWAY.toString(), "init", "--home", gatewayHome().toString(), "--address", addresses)
                .ok();
        startGateway();
        login(clientHome(), "alice");
        startClient();
        return this;
    }

    /** Invites a user and logs in; the client's home is made by that. */
    public void login(Path home, String user) throws Exception {
        Program.run(CLIENT.toString(), "login", invite(user), "--home", home.toString())
                .ok();
    }

    /** The one line that {@code invite} prints. */
    public String invite(String user) throws Exception {
        return Program.run(
                        GATEWAY.toString(),
                        "invite",
                        user,
                        "--home",
                        gatewayHome().toString())
                .ok()
                .output()
                .strip();
    }

    /** Starts the gateway (again) and returns when it is ready. */
    public Daemon startGateway() throws Exception {
        return startGateway(Map.of());
    }

    /** The same with something in its environment. */
    public Daemon startGateway(Map<String, String> environment) throws Exception {
        List<String> command = command(
                GATEWAY,
                "run",
                "--home",
                gatewayHome(),
                "--listen",
                "127.0.0.1:" + gatewayPort,
                "--allow",
                "127.0.0.1/32",
                "--allow",
                "::1/128");
        command.addAll(gatewayOptions);
        command.addAll(0, gatewayWrapper);
        gateway = run("gateway", command, environment);
        return gateway;
    }

    /** Starts the client (again) and returns when it is ready. */
    public Daemon startClient() throws Exception {
        return startClient(Map.of());
    }

    /** The same with something in its environment. */
    public Daemon startClient(Map<String, String> environment) throws Exception {
        List<String> command = command(CLIENT, "run", "--home", clientHome(), "-D", "127.0.0.1:" + socksPort);
        command.addAll(clientOptions);
        client = run("client", command, environment);
        return client;
    }

    /** A further client, which the caller closes. Returns when it is ready. */
    public Daemon startFurtherClient(String name, Path home, int port) throws Exception {
        return run(name, command(CLIENT, "run", "--home", home, "-D", "127.0.0.1:" + port), Map.of());
    }

    private Daemon run(String name, List<String> command, Map<String, String> environment) throws Exception {
        int earlierRuns = Math.toIntExact(
                Stream.iterate(0, i -> Files.exists(log(name, i)), i -> i + 1).count());
        Map<String, String> all = new HashMap<>(WATCHING_BUFFERS);
        all.putAll(environment);
        return Daemon.start(name, log(name, earlierRuns), command, all).awaitLog(READY, READY_LIMIT);
    }

    private static List<String> command(Object... words) {
        return Stream.of(words).map(Object::toString).collect(Collectors.toCollection(ArrayList::new));
    }

    public Daemon gateway() {
        return Objects.requireNonNull(gateway, "the gateway was not started");
    }

    public Daemon client() {
        return Objects.requireNonNull(client, "the client was not started");
    }

    /** The first link; the only one in most tests. */
    public FlakyLink link() {
        return links.get(0);
    }

    public List<FlakyLink> links() {
        return links;
    }

    /** Where the gateway listens on the loopback address. */
    public int gatewayPort() {
        return gatewayPort;
    }

    public int socksPort() {
        return socksPort;
    }

    /** The client's proxy, for a test that speaks SOCKS itself. */
    public Socks socks() {
        return new Socks(socksPort);
    }

    /** The client's proxy as curl and git want it: names are resolved at the gateway. */
    public String proxyUrl() {
        return "socks5h://127.0.0.1:" + socksPort;
    }

    public Path clientHome() {
        return folder().resolve("client");
    }

    public Path gatewayHome() {
        return folder().resolve("gateway");
    }

    /** A folder for a test's own files, gone with this bed. */
    public Path folder() {
        return Objects.requireNonNull(folder, "the bed was not started");
    }

    public Json clientStatus() throws Exception {
        return Json.read(Program.run(
                        CLIENT.toString(),
                        "status",
                        "--json",
                        "--home",
                        clientHome().toString())
                .ok()
                .output());
    }

    public Json gatewayStatus() throws Exception {
        return Json.read(Program.run(
                        GATEWAY.toString(),
                        "status",
                        "--json",
                        "--home",
                        gatewayHome().toString())
                .ok()
                .output());
    }

    private Path log(String name, int run) {
        return folder().resolve(name + "-" + run + ".log");
    }

    @Override
    public void close() throws IOException {
        try {
            stop();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("while stopping both programs", e);
        }
    }

    /** Stops both programs as a user would and holds them to it. */
    public void stop() throws Exception {
        try {
            List<String> faults = new ArrayList<>();
            for (Daemon each :
                    Stream.of(client, gateway).filter(Objects::nonNull).toList()) {
                if (each.isAlive() && each.stop() != 0) {
                    faults.add(each.name() + " did not end with 0 on SIGTERM");
                }
            }
            for (Path log : logs()) {
                if (Files.readString(log).contains("LEAK:")) {
                    faults.add("a buffer leak in " + log.getFileName());
                }
            }
            if (!faults.isEmpty()) {
                throw new AssertionError(String.join("; ", faults) + "\n" + tails());
            }
        } finally {
            release();
        }
    }

    private void release() throws IOException {
        for (Daemon each : Stream.of(client, gateway).filter(Objects::nonNull).toList()) {
            each.close();
        }
        for (FlakyLink link : links) {
            link.close();
        }
        if (folder != null) {
            delete(folder);
        }
    }

    /** Removes a folder and what is in it. */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** The end of every log, for a failure. */
    public String tails() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path log : logs()) {
            List<String> lines = Files.readAllLines(log);
            text.append("---- ").append(log.getFileName()).append('\n');
            lines.stream()
                    .skip(Math.max(0, lines.size() - LINES_SHOWN))
                    .forEach(line -> text.append(line).append('\n'));
        }
        return text.toString();
    }

    private List<Path> logs() throws IOException {
        if (folder == null) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        try {
            start();
        } catch (Exception | AssertionError e) {
            System.err.println(tails());
            release();
            throw e;
        }
    }

    @Override
    public void afterTestExecution(ExtensionContext context) throws Exception {
        if (context.getExecutionException().isPresent()) {
            System.err.println("after " + context.getDisplayName() + " failed:\n" + tails());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        close();
    }

    private static Path launcher(String property, String usual) {
        return Path.of(System.getProperty(property, "../" + usual))
                .toAbsolutePath()
                .normalize();
    }
}

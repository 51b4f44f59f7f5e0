package holdfast.itest.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One of several gateways of a test: its home, and the program that runs with it. */
public final class GatewayHome implements AutoCloseable {
    private static final Duration READY_LIMIT = Duration.ofSeconds(30);
    private static final String READY = "(?m)^.*\\bready\\b.*$";

    /** On which host it runs. */
    public interface Host {
        List<String> words(Object... command);
    }

    private final String name;
    private final String address;
    private final Path home;
    private final Path log;
    private final Host host;
    private final List<Object> options = new ArrayList<>();
    private String key;
    private @Nullable Daemon program;

    /**
     * Makes keys and settings.
     *
     * @param address where clients reach it
     * @param options of {@code proxy-server run}
     */
    public GatewayHome(String name, Path folder, String address, Host host, String... options) throws Exception {
        this.name = name;
        this.address = address;
        this.home = folder.resolve(name);
        this.log = folder.resolve(name + ".log");
        this.host = host;
        this.options.addAll(List.of(options));
        String made = Program.run(TestBed.GATEWAY.toString(), "init", "--home", home.toString(), "--address", address)
                .ok()
                .output();
        this.key = made.lines().findFirst().orElseThrow().replaceAll(".*its key is ", "");
    }

    /** Sets something at the top of the settings. */
    public void set(String line) throws IOException {
        Path file = home.resolve("gateway.toml");
        Files.writeString(file, line + "\n" + Files.readString(file));
    }

    /** Sets something under {@code [chains]}; a key that is there already gets the new value. */
    public void setChains(String key, String... values) throws IOException {
        Path file = home.resolve("gateway.toml");
        String line = key + " = [\"" + String.join("\", \"", values) + "\"]";
        String empty = key + " = []";
        String before = Files.readString(file).replaceAll("(?m)^(# )?" + key + " = .*$", "");
        Files.writeString(
                file,
                before.replace("[chains]", "[chains]\n" + (values.length == 0 ? empty : line)),
                StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** Starts it, again perhaps, and returns when it is ready. */
    public GatewayHome start() throws Exception {
        List<Object> command = new ArrayList<>(List.of(TestBed.GATEWAY, "run", "--home", home));
        command.addAll(options);
        Files.deleteIfExists(log);
        program =
                Daemon.start(name, log, host.words(command.toArray()), Map.of()).awaitLog(READY, READY_LIMIT);
        return this;
    }

    public Daemon program() {
        return Objects.requireNonNull(program, name + " was not started");
    }

    /** The one line that {@code invite} prints. */
    public String invite(String user) throws Exception {
        return gateway("invite", user).strip();
    }

    /** Makes a next key, and returns it. */
    public String makeNextKey() throws Exception {
        return last(gateway("rotate-key"), "is going to be");
    }

    /** Uses the next key from now on. */
    public void takeNextKey() throws Exception {
        key = last(gateway("rotate-key", "--finish"), "key is now");
    }

    /** Runs a command of the gateway's on this home, and returns what it prints. */
    private String gateway(String command, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(command, "--home", home.toString()));
        all.addAll(List.of(words));
        return Program.run(TestBed.GATEWAY.toString(), all.toArray(String[]::new))
                .ok()
                .output();
    }

    /** The last word of the line that holds this. */
    private static String last(String output, String part) {
        String line =
                output.lines().filter(each -> each.contains(part)).findFirst().orElseThrow();
        return line.substring(line.lastIndexOf(' ') + 1);
    }

    /** Has a client log in from the gateway's own host. */
    public void login(Path client, String user, String... options) throws Exception {
        String invitation = invite(user);
        List<String> words = host.words(
                Stream.concat(Stream.of(TestBed.CLIENT, "login", invitation, "--home", client), Stream.of(options))
                        .toArray());
        Program.of(words.get(0), words.subList(1, words.size()).toArray(String[]::new))
                .run()
                .ok();
    }

    /** Where clients reach it. */
    public String address() {
        return address;
    }

    /** The key by which others know it. */
    public String key() {
        return key;
    }

    public Json status() throws Exception {
        return Json.read(Program.run(TestBed.GATEWAY.toString(), "status", "--json", "--home", home.toString())
                .ok()
                .output());
    }

    public String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        if (program != null) {
            program.close();
        }
    }
}

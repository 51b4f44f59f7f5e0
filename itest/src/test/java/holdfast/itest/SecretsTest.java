package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.WebServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What nobody else is to see is in no log, audit, status, metric, argument list or environment, over a whole session with its errors: the canaries are the codes
 * of invitations, the lines of the private keys, the proxy's password, and what programs send.
 */
class SecretsTest {
    private static final String PASSWORD = "cAnAry-passw0rd";
    private static final String HEADER = "cAnAry-header";
    private static final String BODY = "cAnAry-body";
    private static final String ADDRESS_LINE = "cAnAry-query";
    private static final String GARBAGE = "cAnAry-garbage";
    private static final int ADMIN = Ports.free();

    private static Path folder;
    private static TestBed bed;

    @BeforeAll
    static void start() throws Exception {
        folder = Files.createTempDirectory("holdfast-secrets");
        Path password = Files.createFile(
                folder.resolve("password"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(password, "eve:" + PASSWORD + "\n");
        bed = TestBed.plain()
                .over(1, 11)
                .client("-v", "--password-file", password.toString())
                .gateway("-v", "--admin", "127.0.0.1:" + ADMIN);
        bed.start();
    }

    @AfterAll
    static void stop() throws Exception {
        bed.stop();
        TestBed.delete(folder);
    }

    private static int curl(String proxy, String url) throws Exception {
        return Program.of(
                        "curl",
                        "-sS",
                        "--max-time",
                        "20",
                        "-x",
                        proxy,
                        "-H",
                        "Authorization: Bearer " + HEADER,
                        "--data-binary",
                        BODY,
                        url + "?" + ADDRESS_LINE)
                .run()
                .exitCode();
    }

    private static String proxy(String scheme, String password) {
        return scheme + "://eve:" + password + "@127.0.0.1:" + bed.socksPort();
    }

    private static void say(int port, String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            socket.setSoTimeout(20_000);
            socket.getInputStream().readAllBytes();
        } catch (IOException endedInAnyWay) {
            assertThat(endedInAnyWay).isNotNull();
        }
    }

    @Test
    void nothingSecretIsSeenAnywhere() throws Exception {
        Map<String, String> secrets = new LinkedHashMap<>();
        String used = bed.invite("bob");
        String unused = bed.invite("carol");
        Path bob = folder.resolve("bob");
        Program.run(TestBed.CLIENT.toString(), "login", used, "--home", bob.toString())
                .ok();
        // The same once more, and one that is wrong: both are refused.
        Program again = Program.of(
                TestBed.CLIENT.toString(),
                "login",
                used,
                "--home",
                folder.resolve("again").toString());
        assertThat(again.run().exitCode()).isNotZero();
        secrets.put("a code that was used", code(used));
        secrets.put("a code that can be used", code(unused));
        secrets.put("the password", PASSWORD);
        for (String each : List.of(HEADER, BODY, ADDRESS_LINE, GARBAGE)) {
            secrets.put("what a program sent, " + each, each);
        }
        privateLines(bed.clientHome(), secrets);
        privateLines(bed.gatewayHome(), secrets);
        privateLines(bob, secrets);
        assertThat(secrets).hasSizeGreaterThan(9);

        session();
        bed.link().cut();
        session();

        StringBuilder found = new StringBuilder();
        seen().forEach((place, text) -> secrets.forEach((what, secret) -> {
            if (text.contains(secret)) {
                found.append(what).append(" is in ").append(place).append('\n');
            }
        }));
        assertThat(found.toString()).isEmpty();
    }

    /** What goes well and what does not. */
    private static void session() throws Exception {
        try (WebServer server = WebServer.http(InetAddress.getLoopbackAddress())) {
            String url = "http://localhost:" + server.port() + "/bytes/1000";
            for (String scheme : List.of("socks5h", "http")) {
                assertThat(curl(proxy(scheme, PASSWORD), url)).isZero();
                assertThat(curl(proxy(scheme, PASSWORD + "-wrong"), url)).isIn(0, 97);
                curl(proxy(scheme, PASSWORD), "http://10.1.2.3/");
                curl(proxy(scheme, PASSWORD), "http://localhost:" + Ports.free() + "/");
                curl(proxy(scheme, PASSWORD), "http://no-such-host.invalid/");
            }
        }
        say(bed.socksPort(), GARBAGE + "\r\n\r\n");
        say(bed.socksPort(), "\u0005\u0001\u0002\u0001\u0003eve" + (char) GARBAGE.length() + GARBAGE);
        say(bed.socksPort(), "GET /" + GARBAGE + " HTTP/1.1\r\nHost: " + GARBAGE + "\r\n\r\n");
        say(bed.gatewayPort(), GARBAGE);
        say(ADMIN, "GET /" + GARBAGE + " HTTP/1.1\r\n\r\n");
        say(bed.gatewayPort(), "\u0016\u0003\u0001\u0000\u00f0" + GARBAGE.repeat(30));
    }

    private static String code(String invitation) {
        return invitation.replaceAll(".*code=([^,&]+).*", "$1");
    }

    private static void privateLines(Path home, Map<String, String> secrets) throws IOException {
        try (Stream<Path> files = Files.list(home)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".key")).toList()) {
                boolean inside = false;
                for (String line : Files.readAllLines(file)) {
                    if (line.contains("PRIVATE KEY")) {
                        inside = line.contains("BEGIN");
                    } else if (inside && line.length() > 20) {
                        secrets.put("a line of " + file, line);
                    }
                }
            }
        }
    }

    /** Everything that is shown to anybody, by where. */
    private static Map<String, String> seen() throws Exception {
        Map<String, String> seen = new LinkedHashMap<>();
        for (Daemon each : List.of(bed.client(), bed.gateway())) {
            seen.put(each.name() + "'s log", each.log());
            Stream.concat(Stream.of(each.pid()), each.descendants().stream().map(ProcessHandle::pid))
                    .forEach(pid -> {
                        seen.put(each.name() + "'s arguments", proc(pid, "cmdline"));
                        seen.put(each.name() + "'s environment", proc(pid, "environ"));
                    });
        }
        assertThat(seen.get("client's log")).contains("open.failed");
        assertThat(seen.get("gateway's log")).contains("stream.refused");
        seen.put("the audit", Files.readString(bed.gatewayHome().resolve("audit.log")));
        assertThat(seen.get("the audit")).contains("no-such-host.invalid");
        for (String[] command : List.of(
                new String[] {
                    TestBed.CLIENT.toString(),
                    "status",
                    "--home",
                    bed.clientHome().toString()
                },
                new String[] {
                    TestBed.GATEWAY.toString(),
                    "status",
                    "--home",
                    bed.gatewayHome().toString()
                })) {
            Program.Result text =
                    Program.run(command[0], command[1], command[2], command[3]).ok();
            Program.Result json = Program.run(command[0], command[1], command[2], command[3], "--json")
                    .ok();
            seen.put(command[0] + " status", text.output() + text.errors() + json.output() + json.errors());
        }
        // Refused, because a wrapped program would have to be told the password.
        Program.Result child = Program.run(
                TestBed.CLIENT.toString(), "exec", "--home", bed.clientHome().toString(), "--", "env");
        assertThat(child.exitCode()).isEqualTo(78);
        seen.put("what exec says", child.output() + child.errors());
        seen.put(
                "the metrics",
                new String(
                        URI.create("http://127.0.0.1:" + ADMIN + "/metrics")
                                .toURL()
                                .openStream()
                                .readAllBytes(),
                        StandardCharsets.UTF_8));
        return seen;
    }

    private static String proc(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc/" + pid, file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

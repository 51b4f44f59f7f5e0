package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.ClientHost;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.Sha256;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.Tools;
import holdfast.itest.harness.TwoHosts;
import holdfast.itest.harness.WebServer;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs that cannot be told of a proxy use it all the same, once the printed rules are in force, and their names are looked up at the gateway. */
class TransparentTest {
    private static final int BYTES = 500_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"--redirect, iptables", "--redirect, nft", "--tproxy, iptables", "--tproxy, nft"})
    void anUnmodifiedCurlIsTurnedWithItsNames(String how, String tool) throws Exception {
        Tools.require(tool);
        try (TwoHosts hosts = TwoHosts.start(folder, "-D", "1080", how, "1081", "--dns", "1053");
                WebServer server = WebServer.http(InetAddress.getByName(ClientHost.DESTINATION));
                WebServer server6 = WebServer.http(InetAddress.getByName(ClientHost.DESTINATION6))) {
            String rules = hosts.host()
                    .program(hosts.client("redirect-rules", how, "1081", "--dns", "1053", "--tool", tool))
                    .run()
                    .ok()
                    .output();
            hosts.host().program("sh", "-e", "-c", rules).run().ok();
            hosts.host().count();

            assertThat(sum(hosts, "http://web.test:" + server.port())).isEqualTo(WebServer.sumOf(BYTES));
            assertThat(sum(hosts, "http://web6.test:" + server6.port())).isEqualTo(WebServer.sumOf(BYTES));
            assertThat(sum(hosts, "http://" + ClientHost.DESTINATION + ":" + server.port()))
                    .isEqualTo(WebServer.sumOf(BYTES));
            assertThat(sum(hosts, "http://[" + ClientHost.DESTINATION6 + "]:" + server6.port()))
                    .isEqualTo(WebServer.sumOf(BYTES));

            assertThat(hosts.host().leaks()).as(hosts.logs()).isZero();
            assertThat(binding(hosts, server.port(), "inherit").ok().output()).matches("[0-9a-f]{64}\n");
            assertThat(binding(hosts, server.port(), "alone").exitCode()).isEqualTo(64);
            String removal = hosts.host()
                    .program(hosts.client("redirect-rules", how, "1081", "--dns", "1053", "--tool", tool, "--remove"))
                    .run()
                    .ok()
                    .output();
            hosts.host().program("sh", "-e", "-c", removal).run().ok();
            assertThat(sum(hosts, "http://" + ClientHost.DESTINATION + ":" + server.port()))
                    .isEqualTo(WebServer.sumOf(BYTES));
            assertThat(hosts.host().leaks())
                    .as("without the rules it goes directly")
                    .isPositive();
        }
    }

    @Test
    void namesAreAnsweredByUdpAndByTcp() throws Exception {
        try (TwoHosts hosts = TwoHosts.start(folder, "--dns", "1053")) {
            hosts.host().count();
            assertThat(dig(hosts, "web.test", "A")).isEqualTo(ClientHost.DESTINATION);
            assertThat(dig(hosts, "web6.test", "AAAA")).isEqualTo(ClientHost.DESTINATION6);
            assertThat(dig(hosts, "+tcp", "web.test", "A")).isEqualTo(ClientHost.DESTINATION);
            assertThat(dig(hosts, "web.test", "AAAA")).isEmpty();
            assertThat(hosts.host()
                            .program("dig", "@127.0.0.1", "-p", "1053", "no-such-host.invalid")
                            .run()
                            .ok()
                            .output())
                    .contains("status: NXDOMAIN");
            assertThat(hosts.host().leaks()).isZero();
        }
    }

    /** A script asks what binds a login to a connection that it has made as if there were no proxy. */
    private Program.Result binding(TwoHosts hosts, int port, String how) throws Exception {
        return hosts.host()
                .program(
                        Tools.require("python3"),
                        Path.of("src/test/python/bound.py").toAbsolutePath(),
                        ClientHost.DESTINATION,
                        port,
                        how,
                        TestBed.CLIENT,
                        folder.resolve("client"))
                .run();
    }

    private static String dig(TwoHosts hosts, String... words) throws Exception {
        List<Object> command =
                new ArrayList<>(List.of("dig", "@127.0.0.1", "-p", "1053", "+short", "+tries=1", "+time=10"));
        command.addAll(List.of(words));
        return hosts.host().program(command.toArray()).run().ok().output().strip();
    }

    private static String sum(TwoHosts hosts, String at) throws Exception {
        Sha256.Sink sink = new Sha256.Sink();
        Program curl = hosts.host().program("curl", "-sS", "-f", "--max-time", "40", at + "/bytes/" + BYTES);
        curl.outputTo(sink).run().ok();
        return sink.hex();
    }
}

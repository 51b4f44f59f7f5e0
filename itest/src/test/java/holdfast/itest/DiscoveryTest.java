package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code discover} explains what a real name server says of a domain, and what of it could be dialed; what is hostile is shown harmlessly and not used. */
class DiscoveryTest {
    private static Path folder;
    private static Daemon server;
    private static int port;

    @BeforeAll
    static void startNameServer() throws Exception {
        folder = Files.createTempDirectory("holdfast-discovery");
        port = Ports.free();
        server = Daemon.start(
                "dnsmasq",
                folder.resolve("dnsmasq.log"),
                List.of(
                        Tools.require("dnsmasq"),
                        "--no-daemon",
                        "--no-hosts",
                        "--no-resolv",
                        "--user=root",
                        "--conf-file=/dev/null",
                        "--pid-file=" + folder.resolve("dnsmasq.pid"),
                        "--listen-address=127.0.0.1",
                        "--bind-interfaces",
                        "--port=" + port,
                        "--local=/example/",
                        "--srv-host=_holdfast._tcp.corp.example,gw1.corp.example,7443,10",
                        "--srv-host=_holdfast._tcp.corp.example,gw2.corp.example,443,20",
                        // Priority 1, gw0.corp.example, port 8443.
                        "--dns-rr=_holdfast.corp.example,64,"
                                + "00010367773004636f7270076578616d706c6500"
                                + "0003000220fb",
                        // A label with an escape sequence, a name that is an address, a pointer that leads to itself, a
                        // length that lies.
                        "--dns-rr=_holdfast._tcp.evil.example,33,00010000" + "01bb" + "041b5b324a" + "00",
                        "--dns-rr=_holdfast._tcp.home.example,33,00010000" + "01bb" + "03313237013001300131" + "00",
                        "--dns-rr=_holdfast._tcp.circle.example,33,00010000" + "01bb" + "ffff",
                        "--dns-rr=_holdfast.circle.example,64,0001" + "3f6161"),
                Map.of());
        Await.until(
                "dnsmasq answers",
                Duration.ofSeconds(30),
                () -> discover("corp.example").output().contains("would dial"));
    }

    @AfterAll
    static void stopNameServer() throws Exception {
        server.close();
        TestBed.delete(folder);
    }

    @Test
    void theAddressesOfADomainAreShownTheBestFirst() throws Exception {
        Program.Result found = discover("corp.example").ok();

        assertThat(found.output())
                .contains("DNS (SVCB): gw0.corp.example:8443, priority 1")
                .contains("DNS (SRV): gw1.corp.example:7443, priority 10")
                .contains("would dial: gw0.corp.example:8443 gw1.corp.example:7443 gw2.corp.example:443")
                .contains("Nothing of this is trusted");
    }

    @Test
    void aDomainWithoutGatewaysHasNone() throws Exception {
        Program.Result found = discover("empty.example");

        assertThat(found.exitCode()).isEqualTo(69);
        assertThat(found.output()).contains("DNS (SVCB): nothing", "DNS (SRV): nothing", "nothing to dial");
    }

    @Test
    void hostileAnswersAreShownHarmlesslyAndNotUsed() throws Exception {
        Program.Result evil = discover("evil.example");
        Program.Result home = discover("home.example");
        Program.Result circle = discover("circle.example");

        assertThat(evil.output()).contains("?[2J:443, priority 1 - not used: it is not a name of a machine");
        assertThat(home.output()).contains("127.0.0.1:443, priority 1 - not used: it is an address, and not a name");
        assertThat(circle.output()).contains("DNS (SVCB): not found out: the answer is damaged");
        assertThat(List.of(evil, home, circle)).allSatisfy(each -> {
            assertThat(each.exitCode()).isEqualTo(69);
            assertThat(each.output() + each.errors()).matches("[\\n -~]*").doesNotContain("at holdfast");
        });
    }

    @Test
    void whatIsNoDomainIsRefused() throws Exception {
        assertThat(discover("no domain").exitCode()).isEqualTo(64);
    }

    private static Program.Result discover(String domain) throws Exception {
        return Program.run(TestBed.CLIENT.toString(), "discover", domain, "--server", "127.0.0.1:" + port, "--no-web");
    }
}

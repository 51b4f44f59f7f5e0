package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.ClientHost;
import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.TestBed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code discover local} asks the link by multicast (DNS-SD), and hears a responder of other make. */
class LocalDiscoveryTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** The one that has Debian's packages, whichever else comes first in the path. */
    private static final String PYTHON = "/usr/bin/python3";

    @Test
    void aGatewayAnnouncedOnTheLinkIsFoundAndNotTrustedForIt(@TempDir Path folder) throws Exception {
        try (ClientHost host = ClientHost.make(folder)) {
            Program.Result before = discover(host);
            try (Daemon responder = Daemon.start(
                            "responder",
                            folder.resolve("responder.log"),
                            List.of(
                                    PYTHON,
                                    Path.of("src/test/python/announce.py")
                                            .toAbsolutePath()
                                            .toString(),
                                    ClientHost.GATEWAY,
                                    "Office gateway",
                                    "gw-box.local.",
                                    "7443"),
                            Map.of())
                    .awaitLog("announced", LIMIT)) {
                Program.Result found = discover(host).ok();

                assertThat(before.exitCode()).isEqualTo(69);
                assertThat(before.output()).contains("local link (DNS-SD): nothing");
                assertThat(found.output())
                        .contains("local link (DNS-SD): gw-box.local:7443, priority 5")
                        .contains("would dial: gw-box.local:7443")
                        .contains("Nothing of this is trusted");
                assertThat(responder.isAlive()).isTrue();
            }
        }
    }

    private static Program.Result discover(ClientHost host) throws Exception {
        return host.program(TestBed.CLIENT, "discover", "local").limit(LIMIT).run();
    }
}

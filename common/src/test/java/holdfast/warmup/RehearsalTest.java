package holdfast.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.identity.Identity;
import holdfast.transport.TlsContexts;
import holdfast.transport.TlsEndpoint;
import holdfast.transport.TlsProvider;
import java.security.SecureRandom;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RehearsalTest {
    private static final Identity OWN = Identity.create("rehearsal", new SecureRandom());

    @ParameterizedTest
    @EnumSource(names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
    void allThatWasSaidBeforeDuringAndAfterTheLossIsEchoed(TlsProvider provider) {
        try (TlsEndpoint gateway = TlsContexts.gateway(provider, OWN);
                TlsEndpoint client = TlsContexts.client(provider, OWN, Set.of(OWN.pin()))) {
            assertThat(new Rehearsal(gateway, client).play()).isEqualTo(3_000);
            assertThat(new Rehearsal(gateway, client).play()).as("once more").isEqualTo(3_000);
        }
    }
}

package holdfast.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.identity.Identity;
import holdfast.identity.Pin;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two honest ends, and ends with the wrong key; every engine against every engine. */
final class TlsContextsTest {
    private static final Identity GATEWAY = Identity.create("gateway", new SecureRandom());
    private static final Identity CLIENT = Identity.create("client", new SecureRandom());
    private static final Identity STRANGER = Identity.create("stranger", new SecureRandom());

    @ParameterizedTest
    @CsvSource({"OPENSSL,OPENSSL", "OPENSSL,JDK", "JDK,OPENSSL", "JDK,JDK"})
    void bothEndsLearnEachOthersKeyAndTalk(TlsProvider client, TlsProvider gateway) throws Exception {
        try (TlsRig rig = new TlsRig(TlsContexts.gateway(gateway, GATEWAY));
                TlsEndpoint dialing = TlsContexts.client(client, CLIENT, Set.of(GATEWAY.pin()))) {
            TlsRig.End near = rig.connect(dialing);
            TlsRig.End far = rig.accepted();

            assertThat(near.peer()).isEqualTo(GATEWAY.pin());
            assertThat(far.peer()).isEqualTo(CLIENT.pin());
            assertThat(near.handshake().engine().getSession().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(near.handshake().engine().getSession().getCipherSuite()).isEqualTo("TLS_AES_128_GCM_SHA256");
            near.send("ping");
            assertThat(far.receive()).isEqualTo("ping");
            far.send("pong");
            assertThat(near.receive()).isEqualTo("pong");
        }
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL,OPENSSL", "OPENSSL,JDK", "JDK,OPENSSL", "JDK,JDK"})
    void aGatewayWithAnotherKeyIsNamedAndRefused(TlsProvider client, TlsProvider gateway) throws Exception {
        try (TlsRig rig = new TlsRig(TlsContexts.gateway(gateway, STRANGER));
                TlsEndpoint dialing = TlsContexts.client(client, CLIENT, Set.of(GATEWAY.pin()))) {
            TlsRig.End near = rig.connect(dialing);
            TlsRig.End far = rig.accepted();

            WrongPinException wrong = Objects.requireNonNull(WrongPinException.in(near.failure()));
            assertThat(wrong.found()).isEqualTo(STRANGER.pin());
            assertThat(wrong.expected()).containsExactly(GATEWAY.pin());
            assertThat(wrong)
                    .hasMessageContaining(STRANGER.pin().toString())
                    .hasMessageContaining(GATEWAY.pin().toString());
            assertThat(near.isClosed()).isTrue();
            assertThat(far.failure()).isNotNull();
            assertThat(far.isClosed()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL", "JDK"})
    void aGatewayThatIsChangingItsKeyMayHaveEither(TlsProvider provider) throws Exception {
        Set<Pin> pins = Set.of(STRANGER.pin(), GATEWAY.pin());
        try (TlsRig rig = new TlsRig(TlsContexts.gateway(provider, GATEWAY));
                TlsEndpoint dialing = TlsContexts.client(provider, CLIENT, pins)) {
            assertThat(rig.connect(dialing).peer()).isEqualTo(GATEWAY.pin());
        }
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL,OPENSSL", "OPENSSL,JDK", "JDK,OPENSSL", "JDK,JDK"})
    void muchDataRightBehindTheHandshakeArrivesWhole(TlsProvider client, TlsProvider gateway) throws Exception {
        String text = "0123456789abcdef".repeat(20_000);
        try (TlsRig rig = new TlsRig(TlsContexts.gateway(gateway, GATEWAY));
                TlsEndpoint dialing = TlsContexts.client(client, CLIENT, Set.of(GATEWAY.pin()))) {
            TlsRig.End near = rig.connect(dialing);

            near.send(text);

            TlsRig.End far = rig.accepted();
            StringBuilder received = new StringBuilder();
            while (received.length() < text.length()) {
                received.append(far.receive());
            }
            assertThat(received.toString()).isEqualTo(text);
        }
    }

    @Test
    void aClientWithoutAPinIsNotMade() {
        assertThatThrownBy(() -> TlsContexts.client(TlsProvider.AUTO, CLIENT, Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theNativeEngineIsTheFirstChoice() {
        assertThat(TlsProvider.AUTO.resolve()).isEqualTo(TlsProvider.OPENSSL);
    }
}

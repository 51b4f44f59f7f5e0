package holdfast.transport;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.identity.Identity;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ResumableX509ExtendedTrustManager;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.net.Socket;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A resumed session would skip the check of the key, and a revoked key would come back: there is nothing to resume. */
final class TlsResumptionTest {
    private static final Identity GATEWAY = Identity.create("gateway", new SecureRandom());
    private static final Identity CLIENT = Identity.create("client", new SecureRandom());

    @ParameterizedTest
    @CsvSource({"OPENSSL,OPENSSL", "OPENSSL,JDK", "JDK,OPENSSL", "JDK,JDK"})
    void aClientThatWantsToResumeGoesThroughAFullHandshake(TlsProvider client, TlsProvider gateway) throws Exception {
        CountingTrust trust = new CountingTrust();
        SslContext context = SslContextBuilder.forClient()
                .sslProvider(client == TlsProvider.JDK ? SslProvider.JDK : SslProvider.OPENSSL_REFCNT)
                .keyManager(CLIENT.privateKey(), CLIENT.certificate())
                .trustManager(trust)
                .endpointIdentificationAlgorithm(null)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        TlsContexts.PROTOCOL))
                .build();
        try (TlsRig rig = new TlsRig(TlsContexts.gateway(gateway, GATEWAY))) {
            for (int i = 1; i <= 3; i++) {
                TlsRig.End near = rig.connect(end -> {
                    // With host and port, so that the engine looks for a session it knows.
                    SslHandler handler = context.newHandler(
                            end.channel().alloc(), "127.0.0.1", rig.address().getPort());
                    end.channel().pipeline().addLast(handler);
                    end.install(handler);
                });
                TlsRig.End far = rig.accepted();
                assertThat(far.peer()).isEqualTo(CLIENT.pin());
                // A ticket would come with the first bytes.
                far.send("data");
                assertThat(near.receive()).isEqualTo("data");
                near.channel().close().syncUninterruptibly();

                assertThat(trust.resumed).hasValue(0);
                assertThat(trust.full).hasValue(i);
            }
        } finally {
            ReferenceCountUtil.release(context);
        }
    }

    private static final class CountingTrust extends X509ExtendedTrustManager
            implements ResumableX509ExtendedTrustManager {
        private final AtomicInteger full = new AtomicInteger();
        private final AtomicInteger resumed = new AtomicInteger();

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            full.incrementAndGet();
        }

        @Override
        public void resumeServerTrusted(X509Certificate[] chain, SSLEngine engine) {
            resumed.incrementAndGet();
        }

        @Override
        public void resumeClientTrusted(X509Certificate[] chain, SSLEngine engine) {
            throw new AssertionError("this is a client");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
            throw new AssertionError("without an engine");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            throw new AssertionError("without an engine");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            throw new AssertionError("this is a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
            throw new AssertionError("this is a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            throw new AssertionError("this is a client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

package holdfast.transport;

import holdfast.identity.Identity;
import holdfast.identity.Pin;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * How the two ends of a path speak TLS (PROTOCOL.md section 2): version 1.3 only, both with a certificate, known by pins and never by names, with
 * ALPN {@value #PROTOCOL} or what else a caller speaks, and always by a full handshake.
 */
public final class TlsContexts {
    /** The application protocol of paths. */
    public static final String PROTOCOL = "holdfast/1";

    static final String TLS_1_3 = "TLSv1.3";
    /** The first is the cheapest where processors help with AES; the last is for those that do not. */
    private static final List<String> CIPHERS =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");
    /** Enough for one certificate; also the largest handshake message BoringSSL then takes is 16 KiB. */
    private static final int MAX_CERTIFICATE_LIST_BYTES = 8_192;

    /**
     * The key goes into such a store and out of it again before the engine gets it, in memory and without a password. PKCS12, the default, would hash
     * 20 000 times for that, a large part of the time in which a program starts.
     */
    private static final String KEY_STORE = "JKS";

    private TlsContexts() {}

    /**
     * The client's side.
     *
     * @param gateways the pins one of which the gateway has to prove; a handshake with another one fails with {@link WrongPinException}
     * @throws IllegalStateException where the engine does not work here
     */
    public static TlsEndpoint client(TlsProvider provider, Identity own, Set<Pin> gateways) {
        return client(provider, own, gateways, PROTOCOL);
    }

    /** As {@link #client(TlsProvider, Identity, Set)}, for a client that speaks another protocol behind TLS. */
    public static TlsEndpoint client(TlsProvider provider, Identity own, Set<Pin> gateways, String protocol) {
        if (gateways.isEmpty()) {
            throw new IllegalArgumentException("no pin to know the gateway by");
        }
        return endpoint(SslContextBuilder.forClient(), provider, own, PinTrust.inGateways(gateways), List.of(protocol));
    }

    /**
     * The gateway's side. Every client with a P-256 key gets through the handshake: the caller decides by {@link #peerPin} who it is.
     *
     * @throws IllegalStateException where the engine does not work here
     */
    public static TlsEndpoint gateway(TlsProvider provider, Identity own) {
        return gateway(provider, own, List.of(PROTOCOL));
    }

    /** As {@link #gateway(TlsProvider, Identity)}, for one that speaks several protocols behind TLS, the one it likes best first. */
    public static TlsEndpoint gateway(TlsProvider provider, Identity own, List<String> protocols) {
        SslContextBuilder builder =
                SslContextBuilder.forServer(own.privateKey(), own.certificate()).clientAuth(ClientAuth.REQUIRE);
        return endpoint(builder, provider, own, PinTrust.inEveryClient(), protocols);
    }

    /**
     * The key the other end has proved to own.
     *
     * @param handler one whose handshake has succeeded
     * @throws SSLPeerUnverifiedException if it proved none
     */
    public static Pin peerPin(SslHandler handler) throws SSLPeerUnverifiedException {
        Certificate[] chain = handler.engine().getSession().getPeerCertificates();
        try {
            if (chain.length == 1 && chain[0] instanceof X509Certificate only) {
                return PeerKeys.requireP256(new X509Certificate[] {only});
            }
        } catch (CertificateException e) {
            throw (SSLPeerUnverifiedException) new SSLPeerUnverifiedException(e.getMessage()).initCause(e);
        }
        throw new SSLPeerUnverifiedException("the peer showed " + chain.length + " certificates: one is expected");
    }

    private static TlsEndpoint endpoint(
            SslContextBuilder builder, TlsProvider provider, Identity own, PinTrust trust, List<String> protocols) {
        TlsProvider resolved = provider.resolve();
        builder.trustManager(trust)
                .protocols(TLS_1_3)
                .ciphers(CIPHERS)
                .keyStoreType(KEY_STORE)
                // The default since Netty 4.2 is to compare host names; here the key is the name, and addresses are
                // hints.
                .endpointIdentificationAlgorithm(null)
                .sessionCacheSize(1)
                .sessionTimeout(1);
        try {
            if (resolved == TlsProvider.JDK) {
                builder.sslProvider(SslProvider.JDK)
                        .keyManager(keys(own))
                        .applicationProtocolConfig(alpn(
                                SelectorFailureBehavior.FATAL_ALERT,
                                SelectedListenerFailureBehavior.FATAL_ALERT,
                                protocols));
                return TlsEndpoint.withJdk(builder, protocols);
            }
            builder.sslProvider(SslProvider.OPENSSL_REFCNT)
                    .keyManager(own.privateKey(), own.certificate())
                    // The engine offers no stricter behaviour: ProtocolCheck refuses who did not agree.
                    .applicationProtocolConfig(alpn(
                            SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, protocols))
                    .option(OpenSslContextOption.MAX_CERTIFICATE_LIST_BYTES, MAX_CERTIFICATE_LIST_BYTES);
            return TlsEndpoint.withOpenSsl(builder, protocols);
        } catch (SSLException e) {
            throw new IllegalStateException("TLS by " + resolved + " does not work here: " + e.getMessage(), e);
        }
    }

    private static ApplicationProtocolConfig alpn(
            SelectorFailureBehavior selector, SelectedListenerFailureBehavior listener, List<String> protocols) {
        return new ApplicationProtocolConfig(Protocol.ALPN, selector, listener, protocols);
    }

    /** Made once, and for each path used. */
    private static KeyManagerFactory keys(Identity own) {
        try {
            char[] noPassword = {};
            KeyStore store = KeyStore.getInstance(KEY_STORE);
            store.load(null, null);
            store.setKeyEntry("own", own.privateKey(), noPassword, new Certificate[] {own.certificate()});
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, noPassword);
            return factory;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JDK cannot use the key: " + e.getMessage(), e);
        }
    }
}

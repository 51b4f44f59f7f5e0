package holdfast.transport;

import holdfast.identity.Pin;
import io.netty.handler.ssl.ResumableX509ExtendedTrustManager;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts keys, not names. The extended kind, so that no engine adds checks of its own around it.
 *
 * <p>A client trusts the gateway's pins. A gateway lets every well-formed key in: who it belongs to, if anybody, is looked up once the handshake is
 * over, because a key that is to be enrolled is not known yet.
 *
 * <p>A resumed handshake shows no certificate, so nobody would look at the key again: both ends refuse it, should one ever come about.
 */
final class PinTrust extends X509ExtendedTrustManager implements ResumableX509ExtendedTrustManager {
    private static final X509Certificate[] NO_ISSUERS = {};

    private final Set<Pin> gateways;

    private PinTrust(Set<Pin> gateways) {
        this.gateways = gateways;
    }

    /** @param pins at least one; looked at for each handshake, so they may change */
    static PinTrust inGateways(Set<Pin> pins) {
        return new PinTrust(Collections.unmodifiableSet(pins));
    }

    static PinTrust inEveryClient() {
        return new PinTrust(Set.of());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        Pin found = PeerKeys.requireP256(chain);
        if (gateways.stream().noneMatch(found::equals)) {
            throw new WrongPinException(gateways, found);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        if (!gateways.isEmpty()) {
            throw new CertificateException("a client accepts no clients");
        }
        PeerKeys.requireP256(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void resumeServerTrusted(X509Certificate[] chain, SSLEngine engine) throws CertificateException {
        throw new CertificateException("the TLS session was resumed");
    }

    @Override
    public void resumeClientTrusted(X509Certificate[] chain, SSLEngine engine) throws CertificateException {
        throw new CertificateException("the TLS session was resumed");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return NO_ISSUERS;
    }
}

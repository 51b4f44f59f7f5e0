package holdfast.transport;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** Which engine speaks TLS. */
public enum TlsProvider {
    /** BoringSSL where its native library loads, else the JDK. */
    AUTO,
    /** BoringSSL: three times as fast as the JDK, and post-quantum key agreement with its own kind. */
    OPENSSL,
    JDK;

    /**
     * What this choice means on this machine, never {@link #AUTO}.
     *
     * @throws IllegalStateException that names the cause, where the choice is not available
     */
    public TlsProvider resolve() {
        return switch (this) {
            case AUTO -> works() ? OPENSSL : JDK;
            case OPENSSL -> {
                if (!works()) {
                    Throwable cause = OpenSsl.unavailabilityCause();
                    throw new IllegalStateException(
                            "TLS by OpenSSL was asked for but does not work here: "
                                    + (cause == null ? "it lacks TLS 1.3" : cause.getMessage()),
                            cause);
                }
                yield OPENSSL;
            }
            case JDK -> JDK;
        };
    }

    private static boolean works() {
        return OpenSsl.isAvailable() && SslProvider.isTlsv13Supported(SslProvider.OPENSSL_REFCNT);
    }
}

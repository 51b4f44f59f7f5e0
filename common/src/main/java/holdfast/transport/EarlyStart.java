package holdfast.transport;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import javax.net.ssl.SSLException;

/**
 * Loads what every running program needs, native libraries and the classes of TLS first, while the command line and the settings are still being read.
 * Whatever fails here fails again, and is reported, where it is used.
 */
public final class EarlyStart {
    private EarlyStart() {}

    /** Begins, on a thread that keeps nothing alive, if the command is to run the program. */
    public static void begin(String... arguments) {
        if (arguments.length > 0 && arguments[0].equals("run")) {
            Thread thread = new Thread(EarlyStart::load, "early-start");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void load() {
        try {
            if (TlsProvider.AUTO.resolve() == TlsProvider.OPENSSL) {
                ReferenceCountUtil.release(SslContextBuilder.forClient()
                        .sslProvider(SslProvider.OPENSSL_REFCNT)
                        .trustManager(PinTrust.inEveryClient())
                        .protocols(TlsContexts.TLS_1_3)
                        .build());
            }
            TransportKind.AUTO.resolve();
            PooledByteBufAllocator.DEFAULT.directBuffer().release();
        } catch (SSLException | RuntimeException | LinkageError notHere) {
            // See above.
            return;
        }
    }
}

package holdfast.transport;

import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import picocli.CommandLine.Option;

/** The options about sockets and TLS engines that all commands which connect share; a picocli mixin. */
public final class TransportOptions {
    @Option(
            names = "--transport",
            paramLabel = "auto|epoll|kqueue|nio",
            description = "How sockets are driven. Default: auto, the best that works here.")
    private TransportKind transport = TransportKind.AUTO;

    @Option(
            names = "--tls",
            paramLabel = "auto|openssl|jdk",
            description = "Which engine encrypts. Default: auto, the best that works here.")
    private TlsProvider tls = TlsProvider.AUTO;

    /** For picocli. */
    public TransportOptions() {}

    /**
     * The transport, never {@link TransportKind#AUTO}.
     *
     * @throws FatalException 78 if the one asked for does not work here
     */
    public TransportKind transport() {
        try {
            return transport.resolve();
        } catch (IllegalStateException e) {
            throw new FatalException(ExitCode.CONFIG, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * The engine, never {@link TlsProvider#AUTO}.
     *
     * @throws FatalException 78 if the one asked for does not work here
     */
    public TlsProvider tls() {
        try {
            return tls.resolve();
        } catch (IllegalStateException e) {
            throw new FatalException(ExitCode.CONFIG, String.valueOf(e.getMessage()), e);
        }
    }
}

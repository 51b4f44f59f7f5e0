package holdfast.itest.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** nghttpd, which speaks HTTP/2 over TLS and nothing else, showing the files of a folder. */
public final class Http2Server implements AutoCloseable {
    private final int port;
    private final Daemon daemon;

    private Http2Server(int port, Daemon daemon) {
        this.port = port;
        this.daemon = daemon;
    }

    public static Http2Server start(Path files, Path log, TestCertificate certificate) throws Exception {
        int port = Ports.free();
        List<String> command = List.of(
                Tools.require("nghttpd"),
                "--address=127.0.0.1",
                "--htdocs=" + files,
                "--verbose",
                Integer.toString(port),
                certificate.key().toString(),
                certificate.certificate().toString());
        Daemon daemon =
                Daemon.start("nghttpd", log, command, Map.of()).awaitLog("listen 127.0.0.1", Duration.ofSeconds(10));
        return new Http2Server(port, daemon);
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        daemon.close();
    }
}

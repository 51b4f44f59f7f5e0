package holdfast.client;

import holdfast.agreement.AcceptRules;
import holdfast.client.config.GatewayProtocol;
import holdfast.client.config.SessionFiles;
import holdfast.client.dialer.PathPlan;
import holdfast.console.ControlHandler;
import holdfast.console.ControlSocket;
import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.console.StopSignal;
import holdfast.transport.TransportKind;
import holdfast.warmup.WarmUp;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A client that serves. */
final class Client {
    /** The ready line waits so long for the gateway; programs may connect before, and wait as well. */
    private static final long FIRST_CONTACT_SECONDS = 5;

    private Client() {}

    /**
     * Serves until the program is asked to end ({@link StopSignal}).
     *
     * @throws FatalException 73 if an address cannot be listened at, or another client runs with this home
     */
    static void run(ClientOptions options) throws InterruptedException {
        if (options.protocol() == GatewayProtocol.MTA_TLS && !options.remote().isEmpty()) {
            throw new FatalException(ExitCode.USAGE, "-R needs the session protocol; MTA-TLS has no listeners");
        }
        if (options.protocol() == GatewayProtocol.MTA_TLS
                && !options.turned().dns().isEmpty()) {
            throw new FatalException(
                    ExitCode.USAGE,
                    "--dns is not served with --protocol mta-tls, which cannot carry questions for names");
        }
        if (options.protocol() == GatewayProtocol.MTA_TLS && !options.accept().equals(AcceptRules.EVERYTHING)) {
            throw new FatalException(
                    ExitCode.CONFIG,
                    "[accept] in client.toml cannot be kept with --protocol mta-tls, whose gateways state no conditions");
        }
        if (options.protocol() == GatewayProtocol.MTA_TLS && options.gateways().isMoreThanOneDirectly()) {
            throw new FatalException(
                    ExitCode.USAGE,
                    "--protocol mta-tls goes to one gateway directly: leave out --via, --gateway and further names of --profile");
        }
        // Its socket is what tells a second client with this home to keep away, from the session's file too.
        LateStatus status = new LateStatus();
        try (ControlSocket control =
                        ControlSocket.open("proxy-client", options.home().socket(), status);
                SessionFiles memories = new SessionFiles(options.home())) {
            serve(options, control, status, memories);
        }
    }

    private static void serve(ClientOptions options, ControlSocket control, LateStatus status, SessionFiles memories)
            throws InterruptedException {
        CountDownLatch decided = new CountDownLatch(1);
        RunningClient.Parts parts = new RunningClient.Parts(
                options.gateways(),
                plan(options),
                options.home().door(),
                options.home().bindings(),
                options.doors(),
                options.local(),
                options.remote(),
                options.turned(),
                options.users(),
                options.open(),
                options.credentials(),
                memories,
                options.accept(),
                options.transport(),
                options.tls());
        Serving client = options.protocol() == GatewayProtocol.MTA_TLS
                ? RunningMtaTlsClient.start(parts, decided::countDown)
                : RunningClient.start(parts, decided::countDown);
        try {
            status.become(client.status());
            boolean reached = decided.await(FIRST_CONTACT_SECONDS, TimeUnit.SECONDS);
            announce(control, reached, client.listening());
            WarmUp.begin(options.tls(), options.gateways().usualLogin().identity());
            StopSignal.await();
        } finally {
            client.stop();
        }
    }

    private static PathPlan plan(ClientOptions options) {
        try {
            return new PathPlan(options.paths(), options.transport() == TransportKind.EPOLL);
        } catch (IllegalArgumentException e) {
            throw new FatalException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /** Answers once there is something to tell. */
    private static final class LateStatus implements ControlHandler {
        private volatile ControlHandler real = command -> "the client is starting";

        void become(ControlHandler handler) {
            real = handler;
        }

        @Override
        public String answer(String command) {
            return real.answer(command);
        }
    }

    /** The ready line: scripts wait for it. */
    private static void announce(ControlSocket control, boolean reached, List<String> listening) {
        System.err.println("proxy-client: ready, listening on " + String.join(" ", listening)
                + (reached ? "" : " (the gateway has not answered yet)"));
        System.err.flush();
        assert control != null : "who is told it is ready may ask for its status";
    }
}

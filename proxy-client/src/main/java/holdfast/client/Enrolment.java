package holdfast.client;

import holdfast.client.config.Account;
import holdfast.client.dialer.Dialer;
import holdfast.client.dialer.Route;
import holdfast.client.session.Enroller;
import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.identity.Identity;
import holdfast.identity.Invitation;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.transport.EventLoops;
import holdfast.transport.HandshakeThreads;
import holdfast.transport.TlsContexts;
import holdfast.transport.TlsEndpoint;
import holdfast.transport.TlsProvider;
import holdfast.transport.TransportKind;
import holdfast.transport.WrongPinException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** Has a client's key listed at the gateway that invited it. */
final class Enrolment {
    private static final int SLOW_THREADS = 2;
    private static final int SLOW_QUEUE = 64;

    private Enrolment() {}

    /**
     * Presents the code, at whichever of the invitation's addresses answers.
     *
     * @param device what the gateway's list is to call this device
     * @param relays through which gateways to go
     * @return the account as the gateway has it now
     * @throws FatalException 69 if the gateway cannot be reached, 77 if it does not take the code
     */
    static Account enrol(
            Identity identity,
            Invitation invitation,
            String device,
            EnrolmentWay.Relays relays,
            TransportKind transport,
            TlsProvider tls) {
        try (EventLoops loops = EventLoops.start(transport, 1, "login");
                TlsEndpoint endpoint = TlsContexts.client(tls, identity, invitation.gatewayKeys());
                HandshakeThreads slowWork = HandshakeThreads.start(SLOW_THREADS, SLOW_QUEUE);
                EnrolmentWay way = EnrolmentWay.open(relays, loops, loops.next(), slowWork, tls)) {
            Enroller enroller =
                    new Enroller(new Dialer(loops, loops.next(), endpoint, slowWork, proven -> {}, way.carriers()));
            List<String> failures = new ArrayList<>();
            for (Destination each : invitation.addresses()) {
                Optional<Account> account = tryAt(enroller, way, each, invitation, device, failures);
                if (account.isPresent()) {
                    return account.get();
                }
            }
            throw new FatalException(
                    ExitCode.UNAVAILABLE,
                    "the gateway cannot be reached: " + String.join("; ", failures)
                            + ". Is proxy-server running there, and is its port open?");
        }
    }

    private static Optional<Account> tryAt(
            Enroller enroller,
            EnrolmentWay way,
            Destination address,
            Invitation invitation,
            String device,
            List<String> failures) {
        String host = address instanceof Destination.Ip ip
                ? ip.address().getHostAddress()
                : ((Destination.Name) address).host();
        Route route = new Route(host, address.port(), Optional.empty(), way.relays());
        try {
            Enroller.Enrolled enrolled =
                    enroller.enrol(route, invitation.code(), device).get();
            List<Destination> addresses =
                    enrolled.addresses().stream().map(Invitation::address).toList();
            return Optional.of(new Account(
                    enrolled.user(),
                    invitation.gateway(),
                    invitation.next(),
                    addresses.isEmpty() ? invitation.addresses() : addresses));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            requireNotRefused(address, cause);
            failures.add(address + ": " + cause.getMessage());
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FatalException(ExitCode.UNAVAILABLE, "interrupted");
        }
    }

    private static void requireNotRefused(Destination address, Throwable cause) {
        if (cause instanceof Enroller.RefusedException refused) {
            boolean isCode = refused.code() == ErrorCode.ENROLMENT_REFUSED;
            throw new FatalException(
                    ExitCode.REFUSED,
                    "the gateway refused: " + cause.getMessage()
                            + (isCode ? "; ask its operator for a new invitation" : ""));
        }
        WrongPinException wrongPin = WrongPinException.in(cause);
        if (wrongPin != null) {
            throw new FatalException(
                    ExitCode.REFUSED,
                    "what answers at " + address + " is not the gateway of this invitation: its key is "
                            + wrongPin.found()
                            + ", the invitation says " + wrongPin.expected()
                            + "; someone may stand in between, or the gateway was set up anew: ask its operator");
        }
    }
}

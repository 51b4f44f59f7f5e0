package holdfast.server.listen;

import holdfast.driver.StreamHandle;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.StreamKind;
import holdfast.server.audit.StreamEntry;
import holdfast.server.budget.SessionBudget;
import holdfast.server.destination.Admission;
import holdfast.server.policy.Verdict;
import holdfast.transport.EventLoops;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Executor;

/** Serves streams of kind LISTEN: as many connections as come, at the place that the client names. */
public final class ListenService {
    private final EventLoops loops;
    private final ListenPolicy policy;
    private final Admission admission;
    private final Executor slowWork;
    private final SecureRandom random = new SecureRandom();

    /** @param slowWork for looking at files */
    public ListenService(EventLoops loops, ListenPolicy policy, Admission admission, Executor slowWork) {
        this.loops = loops;
        this.policy = policy;
        this.admission = admission;
        this.slowWork = slowWork;
    }

    /** Accepts the stream once there is a listener. */
    public void serve(SessionBudget session, StreamHandle stream, OpenRequest request) {
        StreamEntry entry = admission.entry(session, "listen", request.destination());
        if (!admission.admit(session, stream, entry)) {
            return;
        }
        Listener listener = new Listener(loops, policy, request.kind(), admission, session, stream, entry);
        stream.listen(listener);
        String user = session.user().user();
        if (request.destination() instanceof Destination.Ip ip) {
            listen(listener, user, ip.address(), ip.port());
        } else if (request.destination() instanceof Destination.Unix unix) {
            Verdict verdict = policy.checkPath(user, unix.path());
            if (verdict.allowed()) {
                listener.listenAt(Path.of(unix.path()), slowWork);
            } else {
                listener.refuse(ErrorCode.NOT_ALLOWED, verdict.rule());
            }
        } else {
            listener.refuse(
                    ErrorCode.ADDRESS_NOT_SUPPORTED,
                    "listening is asked for by address, not by the name in " + request.destination());
        }
    }

    private void listen(Listener listener, String user, InetAddress address, int port) {
        Verdict verdict = check(user, address, port);
        if (!verdict.allowed()) {
            listener.refuse(ErrorCode.NOT_ALLOWED, verdict.rule());
        } else if (port != 0) {
            listener.listenAt(address, PortSearch.only(port));
        } else {
            listener.listenAt(
                    address, new PortSearch(policy.ports(user, StreamKind.LISTEN, address), random.nextInt()));
        }
    }

    /** Who listens at every IPv6 address listens at every IPv4 address too. */
    private Verdict check(String user, InetAddress address, int port) {
        Verdict verdict = policy.check(user, StreamKind.LISTEN, address, port);
        if (verdict.allowed() && address instanceof Inet6Address && address.isAnyLocalAddress()) {
            return policy.check(user, StreamKind.LISTEN, everyIp4(), port);
        }
        return verdict;
    }

    private static InetAddress everyIp4() {
        try {
            return InetAddress.getByAddress(new byte[4]);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}

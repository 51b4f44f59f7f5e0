package holdfast.server.listen;

import holdfast.driver.StreamHandle;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.StreamKind;
import holdfast.server.audit.StreamEntry;
import holdfast.server.budget.SessionBudget;
import holdfast.server.destination.AddressFinder;
import holdfast.server.destination.Admission;
import holdfast.server.destination.Refusal;
import holdfast.transport.EventLoops;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Serves streams of kind BIND: one connection from the peer that the program expects, at an address where that peer can reach the gateway. */
public final class BindService {
    /** How long to wait for the connection. */
    private static final long LIMIT_MILLIS = 120_000;

    private final EventLoops loops;
    private final AddressFinder peers;
    private final ListenPolicy policy;
    private final Admission admission;
    private final long limitMillis;
    private final SecureRandom random = new SecureRandom();

    /** @param peers finds the addresses of peers, without a say in which may be peers */
    public BindService(EventLoops loops, AddressFinder peers, ListenPolicy policy, Admission admission) {
        this(loops, peers, policy, admission, LIMIT_MILLIS);
    }

    BindService(EventLoops loops, AddressFinder peers, ListenPolicy policy, Admission admission, long limitMillis) {
        this.loops = loops;
        this.peers = peers;
        this.policy = policy;
        this.admission = admission;
        this.limitMillis = limitMillis;
    }

    /** Accepts the stream once there is a listener. */
    public void serve(SessionBudget session, StreamHandle stream, OpenRequest request) {
        StreamEntry entry = admission.entry(session, "bind", request.destination());
        if (!admission.admit(session, stream, entry)) {
            return;
        }
        Listener listener = new Listener(loops, policy, request.kind(), admission, session, stream, entry);
        stream.listen(listener);
        String user = session.user().user();
        peers.find(stream.eventLoop(), user, request.kind(), request.destination(), new AddressFinder.Callback() {
            @Override
            public void onFound(List<InetAddress> addresses) {
                listen(listener, user, addresses);
            }

            @Override
            public void onRefused(Refusal refusal) {
                listener.refuse(refusal.code(), refusal.text());
            }
        });
    }

    private void listen(Listener listener, String user, List<InetAddress> from) {
        InetAddress towardsPeer = LocalAddress.towards(from.get(0));
        for (InetAddress each : places(towardsPeer)) {
            if (policy.check(user, StreamKind.BIND, each, 0).allowed()) {
                listener.expectOne(Set.copyOf(from), limitMillis);
                listener.listenAt(each, new PortSearch(policy.ports(user, StreamKind.BIND, each), random.nextInt()));
                return;
            }
        }
        listener.refuse(
                ErrorCode.NOT_ALLOWED,
                policy.check(user, StreamKind.BIND, towardsPeer, 0).rule());
    }

    /** The address that the peer sees, then the others of its family. */
    private Set<InetAddress> places(InetAddress towardsPeer) {
        Set<InetAddress> places = new LinkedHashSet<>();
        places.add(towardsPeer);
        for (InetAddress each : policy.ownAddresses()) {
            if (each.getClass() == towardsPeer.getClass() && !each.isLoopbackAddress()) {
                places.add(each);
            }
        }
        return places;
    }
}

package holdfast.server.datagram;

import holdfast.driver.StreamHandle;
import holdfast.protocol.OpenRequest;
import holdfast.server.audit.StreamEntry;
import holdfast.server.budget.SessionBudget;
import holdfast.server.destination.AddressCheck;
import holdfast.server.destination.AddressFinder;
import holdfast.server.destination.Admission;
import holdfast.server.policy.Grants;
import holdfast.transport.EventLoops;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;

/** Serves streams of kind UDP by an association each (PROTOCOL.md section 10). */
public final class UdpService {
    private final EventLoops loops;
    private final AddressFinder finder;
    private final AddressCheck check;
    private final Admission admission;
    private final Grants grants;

    /**
     * @param check asked about every datagram
     * @param grants where associations stay known, so that nobody answers whom a later policy forbids
     */
    public UdpService(EventLoops loops, AddressFinder finder, AddressCheck check, Admission admission, Grants grants) {
        this.loops = loops;
        this.finder = finder;
        this.check = check;
        this.admission = admission;
        this.grants = grants;
    }

    /** Accepts the stream once its association has a socket. */
    public void serve(SessionBudget session, StreamHandle stream, OpenRequest request) {
        StreamEntry entry = admission.entry(session, "udp", "");
        if (!admission.admit(session, stream, entry)) {
            return;
        }
        String user = session.user().user();
        EventLoop loop = stream.eventLoop();
        UdpAssociation association = new UdpAssociation(
                session,
                entry,
                stream,
                check,
                new NameCache((name, found) -> finder.find(loop, user, request.kind(), name, found)),
                grants);
        stream.listen(association);
        ChannelFuture binding =
                loops.udp(loop).handler(association.socketSide()).bind(new InetSocketAddress(0));
        // A socket that could not even be made reports from a thread of Netty's own.
        binding.addListener(done -> loop.execute(() -> {
            if (done.isSuccess()) {
                association.bound(binding.channel());
            } else {
                association.fail("no socket for datagrams: " + done.cause().getMessage());
            }
        }));
    }
}

package holdfast.client.dns;

import holdfast.client.session.StreamOpener;
import holdfast.dns.DnsAnswer;
import holdfast.dns.DnsFrames;
import holdfast.dns.DnsQuery;
import holdfast.protocol.Destination;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.StreamKind;
import io.netty.channel.EventLoop;
import java.util.function.Consumer;

/** Passes questions on to the gateway, each in a stream of its own (PROTOCOL.md section 5.6), so that none waits for another. Belongs to the event loop. */
final class DnsRelay {
    /** Where a name server listens; the gateway uses its own resolver, whatever is said here. */
    private static final int PORT = 53;

    /** Questions under way; beyond that there is something wrong, and they fail at once. */
    private static final int MAX_ASKED = 1024;

    private final EventLoop loop;
    private final StreamOpener opener;
    private int asked;

    DnsRelay(EventLoop loop, StreamOpener opener) {
        this.loop = loop;
        this.opener = opener;
    }

    /** Tells the whole answer, which may be that there is none now, once. */
    void ask(DnsQuery query, Consumer<byte[]> answered) {
        if (asked >= MAX_ASKED) {
            answered.accept(DnsAnswer.failure(query));
            return;
        }
        asked++;
        DnsQuestion question = new DnsQuestion(query, answer -> {
            asked--;
            answered.accept(answer);
        });
        question.expireOn(loop);
        Destination name = new Destination.Name(query.name(), PORT);
        opener.open(OpenRequest.of(StreamKind.RESOLVE, name), DnsFrames.of(query.toBytes()), question);
    }
}

package holdfast.server.destination;

import holdfast.dns.DnsAnswer;
import holdfast.dns.DnsFrames;
import holdfast.dns.DnsQuery;
import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.server.budget.SessionBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves streams that carry one DNS question (PROTOCOL.md section 5.6). Questions for addresses are answered by the same resolver that destinations are found
 * by, so that both agree; all others go to the machine's name server.
 */
public final class ResolveService {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.stream");
    private static final Destination NO_SOCKET = new Destination.Ip(Inet4Address.getLoopbackAddress(), 0);

    private final Resolver resolver;
    private final NameServer nameServer;

    public ResolveService(Resolver resolver, NameServer nameServer) {
        this.resolver = resolver;
        this.nameServer = nameServer;
    }

    /** Accepts the stream, waits for its question and answers it. */
    public void serve(SessionBudget session, StreamHandle stream, OpenRequest request) {
        LOG.atDebug()
                .addKeyValue("stream", stream.id())
                .addKeyValue("user", session.user().user())
                .addKeyValue("name", request.destination())
                .log("stream.resolve");
        String refusal = session.user().refusal(System.nanoTime());
        if (refusal != null || !session.takeStream()) {
            stream.reject(ErrorCode.LIMIT_REACHED, refusal == null ? "too many questions at once" : refusal);
            return;
        }
        stream.accept(NO_SOCKET);
        stream.listen(new Question(session, stream));
    }

    private final class Question implements StreamListener {
        private final SessionBudget session;
        private final StreamHandle stream;
        private ByteBuf received = Unpooled.buffer();
        private boolean asked;
        private boolean over;

        Question(SessionBudget session, StreamHandle stream) {
            this.session = session;
            this.stream = stream;
        }

        @Override
        public void onReadable() {
            ByteBuf bytes;
            while (!over && (bytes = stream.read()) != null) {
                int count = bytes.readableBytes();
                if (!asked) {
                    received.writeBytes(bytes);
                }
                bytes.release();
                stream.consumed(count);
                take();
            }
            if (!over && !asked && stream.isEndOfStream()) {
                refuse("the question is cut off");
            }
        }

        private void take() {
            if (asked) {
                return;
            }
            byte[] message = DnsFrames.read(received);
            if (message != null) {
                ask(message);
            } else if (received.readableBytes() > DnsQuery.MAX_BYTES + 2) {
                refuse("the question is too long");
            }
        }

        private void ask(byte[] message) {
            asked = true;
            DnsQuery query;
            try {
                query = DnsQuery.parse(message);
            } catch (IllegalArgumentException e) {
                refuse(String.valueOf(e.getMessage()));
                return;
            }
            if (query.wantsAddresses()) {
                resolve(query);
            } else {
                nameServer.ask(stream.eventLoop(), query, this::answer);
            }
        }

        private void resolve(DnsQuery query) {
            String name;
            try {
                InetAddress literal = HostText.address(query.name());
                if (literal != null) {
                    answer(DnsAnswer.noSuchName(query));
                    return;
                }
                name = HostText.name(query.name());
            } catch (IllegalArgumentException e) {
                answer(DnsAnswer.noSuchName(query));
                return;
            }
            resolver.resolve(session.user().user(), name, stream.eventLoop(), new Resolver.Answer() {
                @Override
                public void onAddresses(List<InetAddress> addresses) {
                    answer(DnsAnswer.addresses(query, addresses));
                }

                @Override
                public void onRefused(Refusal refusal) {
                    boolean unknown = refusal.code() == ErrorCode.NAME_NOT_FOUND;
                    answer(unknown ? DnsAnswer.noSuchName(query) : DnsAnswer.failure(query));
                }
            });
        }

        private void answer(byte[] message) {
            if (!over) {
                end();
                stream.write(DnsFrames.of(message));
                stream.finish();
            }
        }

        private void refuse(String why) {
            if (!over) {
                LOG.atDebug()
                        .addKeyValue("stream", stream.id())
                        .addKeyValue("reason", why)
                        .log("stream.refused");
                end();
                stream.reset(ErrorCode.GENERAL_FAILURE);
            }
        }

        private void end() {
            over = true;
            session.giveStreamBack();
            received.release();
        }

        @Override
        public void onWritable() {}

        @Override
        public void onStopped(ErrorCode code) {
            // Nobody waits for the answer any more; it is thrown away when it comes.
        }

        @Override
        public void onReset(ErrorCode code) {
            if (!over) {
                end();
            }
        }
    }
}

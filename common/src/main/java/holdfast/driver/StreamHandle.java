package holdfast.driver;

import holdfast.identity.ChannelBinding;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One stream as a relay sees it: two halves, each with its own end. Everything here belongs to the event loop of the stream's session.
 *
 * <p>After the stream is over, commands do nothing (a buffer handed to {@link #write} is released).
 */
public interface StreamHandle {
    long id();

    EventLoop eventLoop();

    /** Replaces the listener. If something can already be read, or has ended, the new listener is told of it. */
    void listen(StreamListener listener);

    /** Takes ownership. Always accepts; who writes on although {@link #isWritable} is false, fills memory. */
    void write(ByteBuf data);

    /** Whether the bytes not yet delivered to the peer are below the high-water mark. */
    boolean isWritable();

    /** Ends the outgoing half in order, behind everything written. */
    void finish();

    /** Abandons the stream: the outgoing half is reset unless it was finished, the incoming half stopped unless it has ended. */
    void reset(ErrorCode code);

    /** Takes no more of the incoming half, and tells the peer; the outgoing half goes on. */
    void stop(ErrorCode code);

    /** The next bytes in order, gives ownership; null where there are none now. */
    @Nullable ByteBuf read();

    /** Whether the peer has finished its half and every byte of it was read. */
    boolean isEndOfStream();

    /** Returns credit for bytes that were read and have now left for the local socket. */
    void consumed(int bytes);

    /** For the acceptor of a stream, once: the destination is reached, from this address. */
    void accept(Destination bound);

    /**
     * For an association: sends a datagram to, or tells that it came from, this address, if a path takes it soon; else it is dropped. Takes ownership.
     *
     * @return false if it was dropped at once: too long for a frame, or the stream is over
     */
    boolean sendDatagram(Destination with, ByteBuf bytes);

    /**
     * For the acceptor of a stream that listens: opens a stream for a connection that came from {@code peer}. The opener of the listening one learns of it by
     * {@link StreamListener#onConnection}.
     */
    StreamHandle handOver(Destination peer);

    /** What binds a program's login to this stream; empty where there is none (yet). */
    default Optional<ChannelBinding> binding() {
        return Optional.empty();
    }

    /** Where the peer of the session connects from now; empty where that is not known. */
    default Optional<InetSocketAddress> peerAddress() {
        return Optional.empty();
    }

    /** For the acceptor of a stream, instead of {@link #accept}: ends it with a reason that the opener is shown. */
    void reject(ErrorCode code, String text);
}

package holdfast.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the two kinds of sockets need: those of paths, and those whose bytes become streams. */
public final class SocketOptions {
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    /** How much a path's kernel buffer may hold that was not sent yet: what is in there cannot be overtaken (PROTOCOL.md, "Scheduling"). */
    private static final long PATH_UNSENT_BYTES = 16_384;

    private static final RecvByteBufAllocator PATH_READS = new AdaptiveRecvByteBufAllocator(2_048, 16_384, 524_288);
    private static final RecvByteBufAllocator STREAM_READS = new AdaptiveRecvByteBufAllocator(512, 4_096, 262_144);
    /** More than fits a frame, the longest address before it included: so what is cut is dropped. */
    private static final RecvByteBufAllocator DATAGRAM_READS = new FixedRecvByteBufAllocator(17 * 1024);

    /** IFNAMSIZ, the end of the name included. */
    private static final int DEVICE_NAME_BYTES = 16;

    private static final RawUnixChannelOption BIND_TO_DEVICE =
            new RawUnixChannelOption("SO_BINDTODEVICE", 1, 25, DEVICE_NAME_BYTES);
    /** A path takes more when the kernel has taken everything: what waits in front of it cannot be overtaken either. */
    private static final WriteBufferWaterMark PATH_WRITES = new WriteBufferWaterMark(1, 1);

    private static final IntegerUnixChannelOption MAX_PACING_RATE =
            new IntegerUnixChannelOption("SO_MAX_PACING_RATE", 1, 47);

    /** 4 GB/s; one more would be no limit. */
    private static final int HIGHEST_RATE = -2;

    private static final int LONG_MICROS = 150_000;

    private static final WriteBufferWaterMark STREAM_WRITES = new WriteBufferWaterMark(64 * 1024, 128 * 1024);

    private SocketOptions() {}

    static Map<ChannelOption<?>, Object> forPath(TransportKind kind, ByteBufAllocator allocator) {
        Map<ChannelOption<?>, Object> options = new LinkedHashMap<>();
        options.put(ChannelOption.ALLOCATOR, allocator);
        options.put(ChannelOption.RECVBUF_ALLOCATOR, PATH_READS);
        options.put(ChannelOption.WRITE_BUFFER_WATER_MARK, PATH_WRITES);
        options.put(ChannelOption.TCP_NODELAY, true);
        options.put(ChannelOption.SO_KEEPALIVE, true);
        options.put(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS);
        if (kind == TransportKind.EPOLL) {
            options.put(EpollChannelOption.TCP_NOTSENT_LOWAT, PATH_UNSENT_BYTES);
        }
        return options;
    }

    static Map<ChannelOption<?>, Object> forTcpStream(ByteBufAllocator allocator) {
        Map<ChannelOption<?>, Object> options = forUnixStream(allocator);
        options.put(ChannelOption.TCP_NODELAY, true);
        options.put(ChannelOption.SO_KEEPALIVE, true);
        return options;
    }

    static Map<ChannelOption<?>, Object> forUnixStream(ByteBufAllocator allocator) {
        Map<ChannelOption<?>, Object> options = new LinkedHashMap<>();
        options.put(ChannelOption.ALLOCATOR, allocator);
        options.put(ChannelOption.RECVBUF_ALLOCATOR, STREAM_READS);
        options.put(ChannelOption.WRITE_BUFFER_WATER_MARK, STREAM_WRITES);
        options.put(ChannelOption.ALLOW_HALF_CLOSURE, true);
        options.put(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS);
        return options;
    }

    static Map<ChannelOption<?>, Object> forUdp(ByteBufAllocator allocator) {
        Map<ChannelOption<?>, Object> options = new LinkedHashMap<>();
        options.put(ChannelOption.ALLOCATOR, allocator);
        options.put(ChannelOption.RECVBUF_ALLOCATOR, DATAGRAM_READS);
        return options;
    }

    /**
     * Sets how many bytes the kernel may hold for this path before they are sent (TCP_NOTSENT_LOWAT).
     *
     * @return whether the transport can do that
     */
    public static boolean limitUnsent(Channel path, long bytes) {
        try {
            return path.isOpen() && path.config().setOption(EpollChannelOption.TCP_NOTSENT_LOWAT, bytes);
        } catch (ChannelException closedMeanwhile) {
            return false;
        }
    }

    /**
     * Where a round trip is long, has the kernel spread what a window allows over it, whatever its congestion control, where all of it would leave at once after each pause and be too
     * much for a short queue: it does so as soon as there is any limit of the rate (man 7 socket, SO_MAX_PACING_RATE). Where it is not, what is urgent would wait
     * longer in the kernel than the burst in the network.
     *
     * @param path whose TLS handshake is done, so that the kernel knows the round trip
     */
    static void paceIfLong(Channel path) {
        try {
            if (path instanceof EpollSocketChannel tcp && tcp.tcpInfo().rtt() >= LONG_MICROS) {
                tcp.config().setOption(MAX_PACING_RATE, HIGHEST_RATE);
            }
        } catch (ChannelException closedMeanwhile) {
            // Then nothing is sent any more.
        }
    }

    /** Closes with RST instead of FIN: whatever was not delivered is thrown away, and the other end sees an error. */
    public static void abort(Channel socket) {
        try {
            socket.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException alreadyClosed) {
            // Then there is nothing left that could be ended in order by mistake.
        }
        socket.close();
    }

    /** Makes a socket leave by one network interface only (SO_BINDTODEVICE), where the transport can do that. */
    public static void bindToDevice(Bootstrap bootstrap, TransportKind kind, String device) {
        if (kind == TransportKind.EPOLL) {
            byte[] name = device.getBytes(StandardCharsets.UTF_8);
            bootstrap.option(
                    BIND_TO_DEVICE,
                    ByteBuffer.allocate(DEVICE_NAME_BYTES).put(name).rewind());
        }
    }
}

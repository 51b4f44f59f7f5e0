package holdfast.client.door;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoOps;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes a socket for questions to the kernel (netlink, family {@code NETLINK_SOCK_DIAG}; man 7 sock_diag). Java has no way to make one; io_uring can be told to make
 * a socket of any kind, and Netty's submits whatever it is given (<a href="../../../../../../docs/decisions/0063-asking-the-kernel-by-netlink.md">decision 0063</a>). The ring is given back as soon as the socket is there.
 */
final class NetlinkSocket {
    /** IORING_OP_SOCKET of linux/io_uring.h, since Linux 5.19. */
    private static final byte MAKE_SOCKET = 45;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int NETLINK_SOCK_DIAG = 4;

    /** One would do; the kernel rounds up to a power of two. */
    private static final int RING = 2;

    private static final long PATIENCE_SECONDS = 5;

    private NetlinkSocket() {}

    /**
     * A socket that does not block; may block itself, and needs some tens of milliseconds.
     *
     * @throws IOException if this system has no io_uring, forbids it, or cannot make such a socket
     */
    static FileDescriptor open() throws IOException {
        if (!IoUring.isAvailable()) {
            throw new IOException("io_uring cannot be used here", IoUring.unavailabilityCause());
        }
        EventLoopGroup ring = new MultiThreadIoEventLoopGroup(1, IoUringIoHandler.newFactory(RING));
        try {
            int result = make((IoEventLoop) ring.next());
            if (result < 0) {
                throw new IOException("no netlink socket: error " + -result);
            }
            return new FileDescriptor(result);
        } finally {
            ring.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static int make(IoEventLoop ring) throws IOException {
        Answer answer = new Answer();
        try {
            IoRegistration registration = ring.register(answer).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            ring.execute(() -> registration.submit(socket()));
            return answer.result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("io_uring does not answer", e);
        }
    }

    /** As io_uring_prep_socket of liburing fills it: the family for a file's number, the type for an offset, the protocol for a length. */
    private static IoUringIoOps socket() {
        int type = SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC;
        return new IoUringIoOps(
                MAKE_SOCKET,
                (byte) 0,
                (short) 0,
                AF_NETLINK,
                type,
                0,
                NETLINK_SOCK_DIAG,
                0,
                1L,
                (short) 0,
                (short) 0,
                0,
                0);
    }

    /** Waits for the number of the new socket, or the error below 0. */
    private static final class Answer implements IoUringIoHandle {
        final CompletableFuture<Integer> result = new CompletableFuture<>();

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            result.complete(((IoUringIoEvent) event).res());
        }

        @Override
        public void close() {
            result.completeExceptionally(new IOException("the ring was closed"));
        }
    }
}

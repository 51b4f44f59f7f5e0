package holdfast.transport;

import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.net.SocketException;

/**
 * Tells a connected socket's handlers of its error where Netty would not notice: when reading is switched off, and when the peer had ended before. A
 * socket that is being read finds the error itself, behind the bytes that came before it.
 */
@SuppressWarnings("try") // close() is declared by Netty
final class PausedSocketErrors implements EpollIoHandle {
    // SOL_SOCKET, SO_ERROR; reading it clears it.
    private static final IntegerUnixChannelOption SO_ERROR = new IntegerUnixChannelOption("SO_ERROR", 1, 4);

    private final EpollIoHandle handle;
    private final Channel.Unsafe unsafe;

    private PausedSocketErrors(EpollIoHandle handle, Channel.Unsafe unsafe) {
        this.handle = handle;
        this.unsafe = unsafe;
    }

    static IoHandle watch(IoHandle handle) {
        return handle instanceof EpollIoHandle epoll && handle instanceof Channel.Unsafe unsafe
                ? new PausedSocketErrors(epoll, unsafe)
                : handle;
    }

    @Override
    public FileDescriptor fd() {
        return handle.fd();
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        boolean error = ((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLERR);
        handle.handle(registration, event);
        if (error && unsafe.voidPromise().channel() instanceof DuplexChannel socket) {
            tellIfUnnoticed(socket);
        }
    }

    private static void tellIfUnnoticed(DuplexChannel socket) {
        if (!socket.isActive() || (socket.config().isAutoRead() && !socket.isInputShutdown())) {
            return;
        }
        Integer error = socket.config().getOption(SO_ERROR);
        if (error == null || error == 0) {
            return;
        }
        // Reset behind an end that is still to be read: what came before it is complete, and a write will fail in its
        // turn.
        boolean endedBefore = error == -Errors.ERRNO_EPIPE_NEGATIVE;
        if (!endedBefore || socket.isInputShutdown()) {
            socket.pipeline()
                    .fireExceptionCaught(new SocketException("the connection was reset (error " + error + ")"));
            socket.close();
        }
    }

    @Override
    public void registered() {
        handle.registered();
    }

    @Override
    public void unregistered() {
        handle.unregistered();
    }

    @Override
    public void close() throws Exception {
        handle.close();
    }
}

package holdfast.transport;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Netty's epoll handler with four differences. Three are for sockets that are half-closed or not being read, which is what those of a relay often are:
 *
 * <ul>
 *   <li>From 4.2.13 to 4.2.18 a socket that for a moment waits for nothing is taken out of epoll but counted as being in it, so that the next wish (to
 *       write on, to read again) fails with ENOENT and closes the connection. Here such a socket stays in, waiting edge-triggered for errors only, which
 *       wakes nobody twice.
 *   <li>Once a peer has ended, Netty reads all that the kernel holds, megabytes of it, although reading is switched off. It does so on EPOLLRDHUP, which is
 *       not asked for here: an end of file is found in its turn, when it is read.
 *   <li>A reset is told even where nothing is read that would find it ({@link PausedSocketErrors}).
 *   <li>A socket is not told what happened to an earlier one that had the same number ({@link ReusedNumbers}).
 * </ul>
 */
final class EpollHandlers implements IoHandlerFactory {
    private final IoHandlerFactory epoll = EpollIoHandler.newFactory();

    @Override
    public IoHandler newHandler(ThreadAwareExecutor executor) {
        return new Handler(epoll.newHandler(executor));
    }

    @Override
    public boolean isChangingThreadSupported() {
        return epoll.isChangingThreadSupported();
    }

    private static final class Handler implements IoHandler {
        private final IoHandler epoll;
        private final ReusedNumbers numbers = new ReusedNumbers();

        Handler(IoHandler epoll) {
            this.epoll = epoll;
        }

        @Override
        public void initialize() {
            epoll.initialize();
        }

        @Override
        public int run(IoHandlerContext context) {
            numbers.nextTurn();
            return epoll.run(context);
        }

        @Override
        public void prepareToDestroy() {
            epoll.prepareToDestroy();
        }

        @Override
        public void destroy() {
            epoll.destroy();
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            return new Registration(epoll.register(numbers.guard(PausedSocketErrors.watch(handle))));
        }

        @Override
        public void wakeup() {
            epoll.wakeup();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handleType) {
            return epoll.isCompatible(handleType);
        }
    }

    private static final class Registration implements IoRegistration {
        private final IoRegistration epoll;

        Registration(IoRegistration epoll) {
            this.epoll = epoll;
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // as it is declared
        public <T> T attachment() {
            return epoll.attachment();
        }

        @Override
        public long submit(IoOps ops) {
            EpollIoOps wanted = ((EpollIoOps) ops).without(EpollIoOps.EPOLLRDHUP);
            return epoll.submit(EpollIoOps.NONE.equals(wanted) ? EpollIoOps.EPOLLET : wanted);
        }

        @Override
        public boolean isValid() {
            return epoll.isValid();
        }

        @Override
        public boolean cancel() {
            return epoll.cancel();
        }
    }
}

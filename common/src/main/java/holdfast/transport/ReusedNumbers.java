package holdfast.transport;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.unix.FileDescriptor;

/**
 * Keeps events of a socket that was just closed from the next one that got its number.
 *
 * <p>A turn of an event loop fetches many events at once. Where handling one closes a socket and makes another, the kernel gives the new one the number that became
 * free, and an event for the old one that is still to be handled would go to the new: a socket that is just connecting would be read, and fail. Whatever
 * was fetched before a socket was registered is not for it. What it needs to know is told again in the next turn, because such events are not
 * edge-triggered.
 */
final class ReusedNumbers {
    private long turn;

    /** The loop fetches events anew. */
    void nextTurn() {
        turn++;
    }

    /** The handle to register in the place of this one. */
    IoHandle guard(IoHandle handle) {
        return handle instanceof EpollIoHandle epoll ? new Guarded(epoll, turn) : handle;
    }

    @SuppressWarnings("try") // close() is declared by Netty
    private final class Guarded implements EpollIoHandle {
        private final EpollIoHandle handle;
        private final long registeredIn;

        Guarded(EpollIoHandle handle, long registeredIn) {
            this.handle = handle;
            this.registeredIn = registeredIn;
        }

        @Override
        public FileDescriptor fd() {
            return handle.fd();
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            if (turn != registeredIn) {
                handle.handle(registration, event);
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
}

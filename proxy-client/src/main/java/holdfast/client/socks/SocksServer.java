package holdfast.client.socks;

import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** The server's side of SOCKS 4, 4a and 5 without a socket: bytes in, answers out. CONNECT only, and no password is asked for. */
public final class SocksServer {
    private static final int NO_LOGIN = 0;
    private static final int NO_ACCEPTABLE_METHOD = 0xff;

    private boolean greeted;
    private boolean version4;

    /**
     * How far the dialogue has come.
     *
     * @param answer what is to be said now, perhaps nothing; the receiver owns it
     * @param wanted where the program wants to go; null as long as it has not said so
     * @param isOver whether the answer was the last one
     */
    public record Progress(ByteBuf answer, @Nullable Destination wanted, boolean isOver) {}

    /** Takes what it can from the bytes, and moves the reader index past it. Borrows the buffer. */
    public Progress take(ByteBuf received) {
        ByteBuf answer = Unpooled.EMPTY_BUFFER;
        try {
            if (!greeted && received.isReadable()) {
                version4 = received.getUnsignedByte(received.readerIndex()) == Socks4Request.VERSION;
                if (version4) {
                    return requested4(Socks4Request.read(received));
                }
                answer = greet(received);
            }
            if (greeted) {
                Socks5Request request = Socks5Request.read(received);
                if (request == null) {
                    return new Progress(answer, null, false);
                }
                requireConnect(request.command() == Socks5Request.CONNECT, request.command());
                return new Progress(answer, request.destination(), false);
            }
            return new Progress(answer, null, false);
        } catch (SocksException e) {
            ByteBuf refusal = version4
                    ? Socks4Answer.refused(Socks4Answer.REJECTED)
                    : greeted ? Socks5Answer.failed(e.reply()) : greeting(NO_ACCEPTABLE_METHOD);
            return new Progress(Unpooled.wrappedBuffer(answer, refusal), null, true);
        }
    }

    /** The destination was reached, from this address; gives ownership. */
    public ByteBuf opened(Destination bound) {
        return version4 ? Socks4Answer.INSTANCE.opened(bound) : Socks5Answer.INSTANCE.opened(bound);
    }

    /** It was not; gives ownership. */
    public ByteBuf failed(ErrorCode code, String text) {
        return version4 ? Socks4Answer.INSTANCE.failed(code, text) : Socks5Answer.INSTANCE.failed(code, text);
    }

    private static Progress requested4(@Nullable Socks4Request request) throws SocksException {
        if (request == null) {
            return new Progress(Unpooled.EMPTY_BUFFER, null, false);
        }
        requireConnect(request.command() == Socks4Request.CONNECT, request.command());
        return new Progress(Unpooled.EMPTY_BUFFER, request.destination(), false);
    }

    /** {@code VER | NMETHODS | METHODS}; nothing while it is not complete. */
    private ByteBuf greet(ByteBuf received) throws SocksException {
        int start = received.readerIndex();
        if (received.getUnsignedByte(start) != Socks5Request.VERSION) {
            throw new SocksException(SocksReply.GENERAL_FAILURE, "neither SOCKS 4 nor 5");
        }
        int methods = received.readableBytes() < 2 ? 0 : received.getUnsignedByte(start + 1);
        if (received.readableBytes() < 2 + methods) {
            return Unpooled.EMPTY_BUFFER;
        }
        if (received.skipBytes(2).readSlice(methods).indexOf(0, methods, (byte) NO_LOGIN) < 0) {
            throw new SocksException(SocksReply.GENERAL_FAILURE, "no way to log in that both know");
        }
        greeted = true;
        return greeting(NO_LOGIN);
    }

    private static void requireConnect(boolean connects, int command) throws SocksException {
        if (!connects) {
            throw new SocksException(SocksReply.COMMAND_NOT_SUPPORTED, "command " + command);
        }
    }

    private static ByteBuf greeting(int method) {
        return Unpooled.wrappedBuffer(new byte[] {Socks5Request.VERSION, (byte) method});
    }
}

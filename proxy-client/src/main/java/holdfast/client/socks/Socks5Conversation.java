package holdfast.client.socks;

import holdfast.client.opening.Binding;
import holdfast.client.opening.Credentials;
import holdfast.client.opening.DoorPolicy;
import holdfast.client.opening.Opening;
import holdfast.protocol.OpenRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

/**
 * SOCKS5 (RFC 1928) with user and password (RFC 1929) where the front door asks for them.
 *
 * <pre>
 *   GREETING --no password wanted--> REQUEST --> opening
 *      |                                ^
 *      +-------password wanted----> LOGIN
 * </pre>
 *
 * <p>A program may send all of it, and its first data, without waiting for an answer.
 */
final class Socks5Conversation implements SocksHandler.Conversation {
    private static final int NO_LOGIN = 0x00;
    private static final int PASSWORD = 0x02;
    private static final int NO_ACCEPTABLE_METHOD = 0xff;

    private enum State {
        GREETING,
        LOGIN,
        REQUEST
    }

    private final DoorPolicy policy;
    private State state = State.GREETING;

    Socks5Conversation(DoorPolicy policy) {
        this.policy = policy;
    }

    @Override
    public boolean proceed(Channel channel, ByteBuf received) throws SocksException {
        if (state == State.GREETING && !greet(channel, received)) {
            return false;
        }
        if (state == State.LOGIN && !login(channel, received)) {
            return false;
        }
        return request(channel, received);
    }

    @Override
    public ByteBuf refusal(SocksException cause) {
        return switch (state) {
            case GREETING -> bytes(Socks5Request.VERSION, NO_ACCEPTABLE_METHOD);
            case LOGIN -> bytes(Socks5Login.VERSION, 1);
            case REQUEST -> Socks5Answer.failed(cause.reply());
        };
    }

    /** {@code VER | NMETHODS | METHODS} (RFC 1928 section 3). */
    private boolean greet(Channel channel, ByteBuf received) throws SocksException {
        int start = received.readerIndex();
        if (received.readableBytes() < 2 || received.readableBytes() < 2 + received.getUnsignedByte(start + 1)) {
            return false;
        }
        int method = choose(received.skipBytes(1)
                .readSlice(1 + received.getUnsignedByte(start + 1))
                .skipBytes(1));
        channel.writeAndFlush(bytes(Socks5Request.VERSION, method));
        state = method == PASSWORD ? State.LOGIN : State.REQUEST;
        return true;
    }

    /** Where no password is wanted, a program that can do nothing but show one may do that. */
    private int choose(ByteBuf offered) throws SocksException {
        if (policy.credentials() == null
                && offered.indexOf(offered.readerIndex(), offered.writerIndex(), (byte) NO_LOGIN) >= 0) {
            return NO_LOGIN;
        }
        if (offered.indexOf(offered.readerIndex(), offered.writerIndex(), (byte) PASSWORD) >= 0) {
            return PASSWORD;
        }
        throw new SocksException(SocksReply.GENERAL_FAILURE, "no way to log in that both know");
    }

    private boolean login(Channel channel, ByteBuf received) throws SocksException {
        Socks5Login login = Socks5Login.read(received);
        if (login == null) {
            return false;
        }
        Credentials wanted = policy.credentials();
        if (wanted != null && !wanted.match(login.user(), login.password())) {
            throw new SocksException(SocksReply.NOT_ALLOWED, "wrong user or password");
        }
        channel.writeAndFlush(bytes(Socks5Login.VERSION, 0));
        state = State.REQUEST;
        return true;
    }

    private boolean request(Channel channel, ByteBuf received) throws SocksException {
        Socks5Request request = Socks5Request.read(received);
        if (request == null) {
            return false;
        }
        switch (request.command()) {
            case Socks5Request.CONNECT ->
                Opening.begin(
                        channel,
                        policy,
                        OpenRequest.tcp(request.destination()),
                        received.readRetainedSlice(received.readableBytes()),
                        Socks5Answer.INSTANCE);
            case Socks5Request.UDP_ASSOCIATE -> UdpAssociation.begin(channel, policy, request.destination());
            case Socks5Request.BIND ->
                Binding.begin(
                        channel,
                        policy,
                        request.destination(),
                        received.readRetainedSlice(received.readableBytes()),
                        Socks5Answer.INSTANCE);
            default -> throw new SocksException(SocksReply.COMMAND_NOT_SUPPORTED, "command " + request.command());
        }
        return true;
    }

    private static ByteBuf bytes(int first, int second) {
        return Unpooled.wrappedBuffer(new byte[] {(byte) first, (byte) second});
    }
}

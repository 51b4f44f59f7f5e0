package holdfast.client.socks;

import holdfast.client.opening.Binding;
import holdfast.client.opening.DoorPolicy;
import holdfast.client.opening.Opening;
import holdfast.protocol.OpenRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * SOCKS4 and 4a: one request, one reply, or two where it binds. It has no password, so where one is wanted it is refused with 93; the user id says nothing that could be checked.
 */
final class Socks4Conversation implements SocksHandler.Conversation {
    private final DoorPolicy policy;

    Socks4Conversation(DoorPolicy policy) {
        this.policy = policy;
    }

    @Override
    public boolean proceed(Channel channel, ByteBuf received) throws SocksException {
        Socks4Request request = Socks4Request.read(received);
        if (request == null) {
            return false;
        }
        if (policy.credentials() != null) {
            throw new SocksException(
                    SocksReply.NOT_ALLOWED, "SOCKS4 cannot show the password that this front door wants");
        }
        boolean binds = request.command() == Socks4Request.BIND;
        if (!binds && request.command() != Socks4Request.CONNECT) {
            throw new SocksException(SocksReply.COMMAND_NOT_SUPPORTED, "command " + request.command());
        }
        ByteBuf early = received.readRetainedSlice(received.readableBytes());
        if (binds) {
            Binding.begin(channel, policy, request.destination(), early, Socks4Answer.INSTANCE);
        } else {
            Opening.begin(channel, policy, OpenRequest.tcp(request.destination()), early, Socks4Answer.INSTANCE);
        }
        return true;
    }

    @Override
    public ByteBuf refusal(SocksException cause) {
        boolean login = cause.reply() == SocksReply.NOT_ALLOWED;
        return Socks4Answer.refused(login ? Socks4Answer.USER_NOT_CONFIRMED : Socks4Answer.REJECTED);
    }
}

package holdfast.server.session;

import holdfast.identity.Chain;
import holdfast.transport.PathChannel;
import io.netty.util.AttributeKey;

/** Remembers of each connection through which relays it came. */
public final class PathChain {
    private static final AttributeKey<Chain> KEY = AttributeKey.valueOf(PathChain.class, "chain");

    private PathChain() {}

    public static void set(PathChannel path, Chain chain) {
        path.channel().attr(KEY).set(chain);
    }

    /** {@link Chain#NONE} where it came directly. */
    public static Chain of(PathChannel path) {
        Chain chain = path.channel().attr(KEY).get();
        return chain == null ? Chain.NONE : chain;
    }
}

package holdfast.client.opening;

import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What a front-door protocol tells its program about an opening. Each method gives ownership of a new buffer. */
public interface Answer {
    /**
     * The connection stands.
     *
     * @param bound the address from which the gateway reached the destination; null where that is not known yet
     */
    ByteBuf opened(@Nullable Destination bound);

    /** There will be no connection. */
    ByteBuf failed(ErrorCode code, String text);
}

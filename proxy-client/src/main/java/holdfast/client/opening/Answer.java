package holdfast.client.opening;

import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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

    /** For a program that did not ask. */
    Answer NONE = new Answer() {
        @Override
        public ByteBuf opened(@Nullable Destination bound) {
            return Unpooled.EMPTY_BUFFER;
        }

        @Override
        public ByteBuf failed(ErrorCode code, String text) {
            return Unpooled.EMPTY_BUFFER;
        }
    };
}

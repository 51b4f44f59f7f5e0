package holdfast.client.http;

import holdfast.client.opening.Answer;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What CONNECT is answered: 200 without a body, and behind it the tunnel (RFC 9110 section 9.3.6). */
final class ConnectAnswer implements Answer {
    static final ConnectAnswer INSTANCE = new ConnectAnswer();

    private static final byte[] ESTABLISHED =
            "HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private ConnectAnswer() {}

    @Override
    public ByteBuf opened(@Nullable Destination bound) {
        return Unpooled.wrappedBuffer(ESTABLISHED);
    }

    @Override
    public ByteBuf failed(ErrorCode code, String text) {
        return HttpAnswer.of(HttpRefusal.of(code, text)).toBytes(false);
    }
}

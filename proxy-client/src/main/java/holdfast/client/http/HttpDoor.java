package holdfast.client.http;

import holdfast.client.opening.DoorPolicy;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;

/** Where a connection goes whose first byte is none of SOCKS. */
public final class HttpDoor {
    private static final int LINE_LIMIT = 16 * 1024;
    private static final int HEADERS_LIMIT = 64 * 1024;
    private static final int PART_LIMIT = 64 * 1024;

    private HttpDoor() {}

    /** Whether a request can begin with this byte: methods are tokens (RFC 9110 section 5.6.2). */
    public static boolean canBeginWith(int firstByte) {
        boolean isAlphanumeric = firstByte < 0x80 && Character.isLetterOrDigit(firstByte);
        return isAlphanumeric || "!#$%&'*+-.^_`|~".indexOf(firstByte) >= 0;
    }

    /** Adds what speaks HTTP to the end of the pipeline. */
    public static void enter(ChannelPipeline pipeline, DoorPolicy policy) {
        HttpRequestDecoder decoder = new HttpRequestDecoder(limits());
        ResponseEncoder encoder = new ResponseEncoder();
        pipeline.addLast(decoder, encoder, new ProxyHandler(policy, decoder, encoder));
    }

    static HttpDecoderConfig limits() {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(LINE_LIMIT)
                .setMaxHeaderSize(HEADERS_LIMIT)
                .setMaxChunkSize(PART_LIMIT);
    }
}

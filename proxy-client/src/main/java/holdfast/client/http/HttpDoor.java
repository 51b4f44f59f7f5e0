package holdfast.client.http;

import holdfast.client.opening.DoorPolicy;
import holdfast.client.opening.LastWords;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.nio.charset.StandardCharsets;

/** Where a connection goes whose first byte is none of SOCKS. */
public final class HttpDoor {
    private HttpDoor() {}

    /** Adds what speaks HTTP to the end of the pipeline. */
    public static void enter(ChannelPipeline pipeline, DoorPolicy policy) {
        pipeline.addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ((ByteBuf) message).release();
                String refusal = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
                ctx.pipeline().remove(this);
                LastWords.send(ctx.channel(), Unpooled.copiedBuffer(refusal, StandardCharsets.US_ASCII));
            }
        });
    }
}

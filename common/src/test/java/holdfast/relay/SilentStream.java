package holdfast.relay;

import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A stream on which nothing happens but what the test tells its listener. */
final class SilentStream implements StreamHandle {
    private final EventLoop loop;
    private final CompletableFuture<StreamListener> listening;

    SilentStream(EventLoop loop, CompletableFuture<StreamListener> listening) {
        this.loop = loop;
        this.listening = listening;
    }

    @Override
    public long id() {
        return 0;
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public void listen(StreamListener listener) {
        listening.complete(listener);
    }

    @Override
    public void write(ByteBuf data) {
        data.release();
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void finish() {}

    @Override
    public void reset(ErrorCode code) {}

    @Override
    public void stop(ErrorCode code) {}

    @Override
    public @Nullable ByteBuf read() {
        return null;
    }

    @Override
    public boolean isEndOfStream() {
        return false;
    }

    @Override
    public void consumed(int bytes) {}

    @Override
    public void accept(Destination bound) {}

    @Override
    public boolean sendDatagram(Destination with, ByteBuf bytes) {
        bytes.release();
        return false;
    }

    @Override
    public StreamHandle handOver(Destination peer) {
        throw new UnsupportedOperationException("nothing listens by this stream");
    }

    @Override
    public void reject(ErrorCode code, String text) {}
}

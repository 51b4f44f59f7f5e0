package holdfast.client.dns;

import holdfast.client.session.StreamOpener;
import holdfast.dns.DnsAnswer;
import holdfast.dns.DnsFrames;
import holdfast.dns.DnsQuery;
import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One question on its way. Whatever happens to it, there is one answer: the gateway's, or that it cannot be told now. */
final class DnsQuestion implements StreamOpener.OpenCallback, StreamListener {
    /** As long as a program's resolver waits before it asks again. */
    private static final long PATIENCE_SECONDS = 5;

    private final DnsQuery query;
    private final Consumer<byte[]> answered;
    private ByteBuf received = Unpooled.buffer();
    private @Nullable StreamHandle stream;
    private @Nullable ScheduledFuture<?> patience;
    private boolean over;

    DnsQuestion(DnsQuery query, Consumer<byte[]> answered) {
        this.query = query;
        this.answered = answered;
    }

    void expireOn(EventLoop loop) {
        patience = loop.schedule(this::fail, PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void onStream(StreamHandle opened) {
        if (over) {
            opened.reset(ErrorCode.CANCELLED);
            return;
        }
        stream = opened;
        opened.listen(this);
        opened.finish();
    }

    @Override
    public void onUnavailable(ErrorCode code, String text) {
        fail();
    }

    @Override
    public void onReadable() {
        StreamHandle open = stream;
        ByteBuf bytes;
        while (open != null && !over && (bytes = open.read()) != null) {
            int count = bytes.readableBytes();
            received.writeBytes(bytes);
            bytes.release();
            open.consumed(count);
            take();
        }
        if (open != null && !over && open.isEndOfStream()) {
            fail();
        }
    }

    @Override
    public void onWritable() {
        // The question was all.
    }

    @Override
    public void onStopped(ErrorCode code) {
        // The answer may still come.
    }

    @Override
    public void onReset(ErrorCode code) {
        fail();
    }

    private void take() {
        byte[] answer = DnsFrames.read(received);
        if (answer == null) {
            return;
        }
        byte[] asked = query.toBytes();
        boolean fits = DnsAnswer.answers(asked, answer);
        finish(fits ? answer : DnsAnswer.failure(query));
    }

    private void fail() {
        finish(DnsAnswer.failure(query));
    }

    private void finish(byte[] answer) {
        if (over) {
            return;
        }
        over = true;
        received.release();
        if (patience != null) {
            patience.cancel(false);
        }
        if (stream != null) {
            // Does nothing where the stream has ended by itself.
            stream.reset(ErrorCode.CANCELLED);
        }
        answered.accept(answer);
    }
}

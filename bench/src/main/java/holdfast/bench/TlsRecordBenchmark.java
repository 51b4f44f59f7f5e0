package holdfast.bench;

import holdfast.identity.Identity;
import holdfast.transport.TlsContexts;
import holdfast.transport.TlsEndpoint;
import holdfast.transport.TlsProvider;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** 64 KiB through TLS as we use it, encrypted and decrypted: handed over in one contiguous buffer or in several. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TlsRecordBenchmark {
    private static final int FLIGHT = 65_536;

    @Param({"65536", "16384", "4096"})
    public int buffer;

    @Param({"AUTO", "JDK"})
    public TlsProvider provider = TlsProvider.AUTO;

    private final EmbeddedChannel client = channel();
    private final EmbeddedChannel gateway = channel();
    private ByteBuf bytes = client.alloc().directBuffer(0);

    @Setup
    public void connect() {
        bytes = client.alloc().directBuffer(buffer).writeZero(buffer);
        SecureRandom random = new SecureRandom();
        Identity gatewayKey = Identity.create("gateway", random);
        TlsEndpoint accepting = TlsContexts.gateway(provider, gatewayKey);
        TlsEndpoint dialing = TlsContexts.client(provider, Identity.create("client", random), Set.of(gatewayKey.pin()));
        SslHandler accepted = accepting.addTo(gateway.pipeline(), Runnable::run);
        SslHandler dialed = dialing.addTo(client.pipeline(), Runnable::run);
        while (!accepted.handshakeFuture().isDone() || !dialed.handshakeFuture().isDone()) {
            if (move(client, gateway) + move(gateway, client) == 0) {
                throw new IllegalStateException("the handshake stands still");
            }
        }
        // Freed with the paths that use them.
        accepting.close();
        dialing.close();
    }

    @TearDown
    public void end() {
        client.finishAndReleaseAll();
        gateway.finishAndReleaseAll();
        bytes.release();
    }

    @Benchmark
    public int flight() {
        for (int sent = 0; sent < FLIGHT; sent += buffer) {
            client.write(bytes.retainedDuplicate());
        }
        client.flush();
        move(client, gateway);
        int received = 0;
        for (ByteBuf each = gateway.readInbound(); each != null; each = gateway.readInbound()) {
            received += each.readableBytes();
            each.release();
        }
        return received;
    }

    private static EmbeddedChannel channel() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        return channel;
    }

    private static int move(EmbeddedChannel from, EmbeddedChannel to) {
        int buffers = 0;
        from.runPendingTasks();
        for (ByteBuf each = from.readOutbound(); each != null; each = from.readOutbound()) {
            to.writeInbound(each);
            buffers++;
        }
        to.runPendingTasks();
        return buffers;
    }
}

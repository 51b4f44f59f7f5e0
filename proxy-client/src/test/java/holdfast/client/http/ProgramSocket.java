package holdfast.client.http;

import holdfast.client.opening.DoorPolicy;
import holdfast.client.opening.RequestDeadline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A program's connection to the door for HTTP, in memory and in a time of its own: what the program says is read when the door reads, as from a socket, and
 * what fails in the door comes out of {@link #says}.
 */
final class ProgramSocket extends EmbeddedChannel implements DuplexChannel {
    /** Where the door listens. */
    static final InetSocketAddress DOOR = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1080);

    private static final long STEP_MILLIS = 10;

    private final Deque<byte[]> said = new ArrayDeque<>();
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private @Nullable SocketConfig config;
    private boolean programEnded;
    private boolean endSeen;
    private boolean outputShutdown;
    private boolean reads;

    private ProgramSocket() {
        super(DefaultChannelId.newInstance(), false, false);
    }

    /** A connection that was accepted, and whose program can speak to the door. */
    static ProgramSocket open() throws Exception {
        ProgramSocket socket = new ProgramSocket();
        socket.config = new SocketConfig(socket);
        socket.config.setAutoRead(false);
        socket.register();
        socket.freezeTime();
        return socket;
    }

    void enter(DoorPolicy policy) {
        pipeline().addLast(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new RequestDeadline(policy.requestTimeout()));
                HttpDoor.enter(channel.pipeline(), policy);
            }
        });
        read();
    }

    /** The program says this in one piece. */
    void says(byte[] bytes) {
        if (!programEnded && isOpen()) {
            said.add(bytes);
        }
        goOn();
    }

    /** The program says no more. */
    void ends() {
        programEnded = true;
        goOn();
    }

    /** Lets everything happen that is due, and some time pass. */
    void goOn() {
        do {
            runPendingTasks();
            checkException();
        } while (deliver());
        advanceTimeBy(STEP_MILLIS, TimeUnit.MILLISECONDS);
        runScheduledPendingTasks();
        checkException();
        for (ByteBuf bytes = readOutbound(); bytes != null; bytes = readOutbound()) {
            byte[] copy = new byte[bytes.readableBytes()];
            bytes.readBytes(copy).release();
            heard.writeBytes(copy);
        }
    }

    /** What the program has heard up to now. */
    byte[] heard() {
        return heard.toByteArray();
    }

    /** Whether the connection was ended by the door, in order. */
    boolean endedInOrder() {
        return outputShutdown || (!isOpen() && !wasAborted());
    }

    /** Whether the door broke it off with RST. */
    boolean wasAborted() {
        return config != null && config.linger == 0;
    }

    private boolean deliver() {
        if (!reads || !isActive() || endSeen) {
            return false;
        }
        byte[] next = said.poll();
        if (next == null && !programEnded) {
            return false;
        }
        reads = false;
        if (next != null) {
            pipeline().fireChannelRead(Unpooled.copiedBuffer(next));
        } else {
            endSeen = true;
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
        pipeline().fireChannelReadComplete();
        return true;
    }

    @Override
    protected void doBeginRead() {
        reads = true;
    }

    @Override
    public ChannelConfig config() {
        return config == null ? super.config() : config;
    }

    @Override
    protected SocketAddress localAddress0() {
        return DOOR;
    }

    @Override
    public boolean isInputShutdown() {
        return endSeen;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown;
    }

    @Override
    public boolean isShutdown() {
        return endSeen && outputShutdown;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        outputShutdown = true;
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdownOutput();
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        return shutdownOutput(promise);
    }

    /** Remembers how the socket is to be closed. */
    private static final class SocketConfig extends DefaultChannelConfig {
        private int linger = -1;

        SocketConfig(Channel channel) {
            super(channel);
        }

        @Override
        public <T> boolean setOption(ChannelOption<T> option, T value) {
            if (option.equals(ChannelOption.SO_LINGER)) {
                linger = (Integer) value;
                return true;
            }
            return super.setOption(option, value);
        }
    }
}

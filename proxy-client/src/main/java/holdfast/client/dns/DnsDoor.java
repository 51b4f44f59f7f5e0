package holdfast.client.dns;

import holdfast.client.door.ListenAddress;
import holdfast.client.session.StreamOpener;
import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.transport.EventLoops;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where programs ask for names: the same port by UDP and by TCP. Opened and closed by the thread that starts the program. */
public final class DnsDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DnsDoor.class);

    private static final int TRIES = 16;

    private final EventLoops loops;
    private final EventLoop loop;
    private final DnsRelay relay;
    private final List<ListenAddress.Tcp> wanted;
    private final List<Channel> listeners = new ArrayList<>();

    public DnsDoor(EventLoops loops, EventLoop loop, StreamOpener opener, List<ListenAddress.Tcp> addresses) {
        this.loops = loops;
        this.loop = loop;
        this.relay = new DnsRelay(loop, opener);
        this.wanted = List.copyOf(addresses);
    }

    /**
     * Binds every address.
     *
     * @throws FatalException 73 if one cannot be bound; the message says what to do
     */
    public void open() throws FatalException {
        try {
            for (ListenAddress.Tcp each : wanted) {
                InetSocketAddress same = openBoth(each);
                (each.isOpenToOthers() ? LOG.atWarn() : LOG.atInfo())
                        .addKeyValue("address", same)
                        .addKeyValue("service", "dns")
                        .addKeyValue("open_to_other_machines", each.isOpenToOthers())
                        .log("door.open");
            }
        } catch (FatalException e) {
            close();
            throw e;
        }
    }

    /** Any port is as good as another where none was asked for: the system chooses one for UDP, and that may be taken for TCP. */
    private InetSocketAddress openBoth(ListenAddress.Tcp each) throws FatalException {
        int tries = each.address().getPort() == 0 ? TRIES : 1;
        while (true) {
            tries--;
            Channel udp = bound(each, loops.bindUdp(loop, each.address(), new DnsUdpHandler(relay)));
            InetSocketAddress same = new InetSocketAddress(
                    each.address().getAddress(), ((InetSocketAddress) udp.localAddress()).getPort());
            try {
                Channel tcp = bound(
                        each,
                        loops.streamServer(loop, loop)
                                .childOption(ChannelOption.AUTO_READ, false)
                                .childHandler(new Accepted(relay))
                                .bind(same));
                listeners.add(udp);
                listeners.add(tcp);
                return same;
            } catch (FatalException e) {
                udp.close().syncUninterruptibly();
                if (tries == 0) {
                    throw e;
                }
            }
        }
    }

    /** Where it really listens; each has a UDP and a TCP port of the same number. */
    public List<SocketAddress> localAddresses() {
        List<SocketAddress> addresses = new ArrayList<>();
        for (int i = 0; i < listeners.size(); i += 2) {
            addresses.add(listeners.get(i).localAddress());
        }
        return addresses;
    }

    @Override
    public void close() {
        for (Channel each : listeners) {
            each.close().syncUninterruptibly();
        }
        listeners.clear();
    }

    private static Channel bound(ListenAddress.Tcp address, ChannelFuture binding) throws FatalException {
        Throwable cause = binding.awaitUninterruptibly().cause();
        if (cause != null) {
            throw new FatalException(
                    ExitCode.CANNOT_CREATE,
                    "cannot listen for DNS at " + address + ": " + cause.getMessage()
                            + "; choose another port with --dns PORT (ports below 1024 need root)");
        }
        return binding.channel();
    }

    private static final class Accepted extends ChannelInitializer<Channel> {
        private final DnsRelay relay;

        Accepted(DnsRelay relay) {
            this.relay = relay;
        }

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        protected void initChannel(Channel accepted) {
            accepted.pipeline().addLast(new DnsTcpHandler(relay));
        }
    }
}

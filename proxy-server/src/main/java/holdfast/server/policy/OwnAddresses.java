package holdfast.server.policy;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of the machine itself, and the broadcast addresses of its networks. Interfaces come and go, so they are listed anew every few
 * seconds, on a thread of its own: listing asks the system for each interface.
 */
public final class OwnAddresses implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OwnAddresses.class);
    private static final long INTERVAL_SECONDS = 5;

    private final ScheduledExecutorService refresher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "own-addresses");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<ByteBuffer> fixed;
    private volatile Set<ByteBuffer> current;

    private OwnAddresses(Set<ByteBuffer> fixed, Set<ByteBuffer> current) {
        this.fixed = fixed;
        this.current = current;
    }

    /**
     * Lists the addresses now and keeps the list fresh.
     *
     * @param fixed further ones that no interface of this machine has, such as the public address of a NAT before it
     * @throws SocketException if the system does not tell
     */
    public static OwnAddresses watch(List<InetAddress> fixed) throws SocketException {
        Set<ByteBuffer> known = new HashSet<>();
        fixed.forEach(each -> known.add(ByteBuffer.wrap(each.getAddress())));
        OwnAddresses own = new OwnAddresses(known, list());
        own.refresher.scheduleWithFixedDelay(own::refresh, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
        return own;
    }

    /** A list that does not change. */
    public static OwnAddresses of(List<InetAddress> addresses) {
        Set<ByteBuffer> known = new HashSet<>();
        addresses.forEach(each -> known.add(ByteBuffer.wrap(each.getAddress())));
        return new OwnAddresses(known, Set.of());
    }

    boolean contains(byte[] address) {
        ByteBuffer key = ByteBuffer.wrap(address);
        return current.contains(key) || fixed.contains(key);
    }

    /** Those of the machine's interfaces; the broadcast addresses of its networks may be among them. */
    List<InetAddress> ofInterfaces() {
        return current.stream().map(OwnAddresses::address).toList();
    }

    private static InetAddress address(ByteBuffer bytes) {
        try {
            byte[] address = new byte[bytes.remaining()];
            bytes.duplicate().get(address);
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an interface's address is one", e);
        }
    }

    @Override
    public void close() {
        refresher.shutdownNow();
    }

    private void refresh() {
        try {
            current = list();
        } catch (SocketException | RuntimeException e) {
            // What was known stays closed; what is new stays open until the next turn.
            log.atWarn().setCause(e).log("policy.own-addresses-unknown");
        }
    }

    private static Set<ByteBuffer> list() throws SocketException {
        Set<ByteBuffer> addresses = new HashSet<>();
        for (NetworkInterface each : (Iterable<NetworkInterface>) NetworkInterface.networkInterfaces()::iterator) {
            for (InterfaceAddress address : each.getInterfaceAddresses()) {
                addresses.add(ByteBuffer.wrap(address.getAddress().getAddress()));
                if (address.getBroadcast() != null) {
                    addresses.add(ByteBuffer.wrap(address.getBroadcast().getAddress()));
                }
            }
        }
        return addresses;
    }
}

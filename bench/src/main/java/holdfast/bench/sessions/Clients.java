package holdfast.bench.sessions;

import holdfast.identity.Identity;
import holdfast.identity.Invitation;
import holdfast.identity.PrivateFiles;
import holdfast.protocol.Destination;
import holdfast.transport.EventLoops;
import holdfast.transport.HandshakeThreads;
import holdfast.transport.TlsContexts;
import holdfast.transport.TlsEndpoint;
import holdfast.transport.TlsProvider;
import holdfast.transport.TransportKind;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** The clients, each with a key of its own, and the threads they share. */
final class Clients implements AutoCloseable {
    private static final int LONGEST_FRAME = 1 << 19;
    private static final int HANDSHAKE_QUEUE = 4096;

    private final EventLoops loops = EventLoops.start(TransportKind.AUTO, 2, "clients");
    private final HandshakeThreads handshakes = HandshakeThreads.start(1, HANDSHAKE_QUEUE);
    private final ByteBuf pattern = Request.pattern(loops.allocator(), LONGEST_FRAME);
    private final SecureRandom random = new SecureRandom();
    private final List<Identity> identities = new ArrayList<>();
    private final Invitation invitation;

    private Clients(Invitation invitation) {
        this.invitation = invitation;
    }

    /** Makes so many keys and writes each into the gateway's folder of users, as a user of its own. */
    static Clients enrol(Invitation invitation, Path users, int count) throws IOException {
        Clients clients = new Clients(invitation);
        PrivateFiles.createFolder(users);
        for (int i = 0; i < count; i++) {
            Identity identity = Identity.create("holdfast client", clients.random);
            PrivateFiles.write(users.resolve("bench-" + i + ".keys"), "sha256:" + identity.pin() + "\n");
            clients.identities.add(identity);
        }
        return clients;
    }

    /** A session for one of them, not connected yet. */
    ClientSession session(int number) {
        TlsEndpoint tls = TlsContexts.client(TlsProvider.AUTO, identities.get(number), invitation.gatewayKeys());
        return new ClientSession(loops, tls, handshakes, gateway(), random, pattern);
    }

    private InetSocketAddress gateway() {
        Destination address = invitation.addresses().get(0);
        if (address instanceof Destination.Ip ip) {
            return new InetSocketAddress(ip.address(), ip.port());
        }
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), address.port());
    }

    @Override
    public void close() {
        loops.close();
        handshakes.close();
        pattern.release();
    }
}

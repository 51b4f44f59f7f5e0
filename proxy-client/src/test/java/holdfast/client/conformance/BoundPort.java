package holdfast.client.conformance;

import static holdfast.client.conformance.SocksBytes.bytes;
import static holdfast.client.conformance.SocksBytes.join;

import holdfast.client.fixture.Program;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;

/** A BIND behind its first reply: the program, and the port where its peer is to connect. */
final class BoundPort implements AutoCloseable {
    private static final int PATIENCE_MILLIS = Integer.getInteger("holdfast.patience.millis", 10_000);

    private final Program program;
    private final InetSocketAddress at;
    private final boolean isSocks4;

    private BoundPort(Program program, InetSocketAddress at, boolean isSocks4) {
        this.program = program;
        this.at = at;
        this.isSocks4 = isSocks4;
    }

    /** Asks by SOCKS5 and hears the first reply. */
    static BoundPort open(Scene scene, byte[] request) throws IOException {
        return of5(scene, scene.greeted().says(request));
    }

    /** Hears the first reply of SOCKS5. */
    static BoundPort of5(Scene scene, Program program) throws IOException {
        byte[] start = program.read(4);
        if (start[1] != 0) {
            throw new AssertionError("the first reply is " + start[1]);
        }
        return new BoundPort(program, address(scene, program.read(start[3] == 4 ? 16 : 4), program.read(2)), false);
    }

    /** Hears the first reply of SOCKS4. */
    static BoundPort of4(Scene scene, Program program) throws IOException {
        byte[] start = program.read(2);
        if (start[1] != 90) {
            throw new AssertionError("the first reply is " + start[1]);
        }
        byte[] port = program.read(2);
        return new BoundPort(program, address(scene, program.read(4), port), true);
    }

    Program program() {
        return program;
    }

    int port() {
        return at.getPort();
    }

    /** Somebody who connects from this address. */
    Program peer(byte[] from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(from), 0));
        socket.connect(at, PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return Program.of(socket);
    }

    /** Somebody who connects from this address is thrown out, perhaps before he knows that he was connected. */
    void turnsAway(byte[] from) throws IOException {
        try (Program stranger = peer(from)) {
            stranger.hearsNoMore();
        } catch (SocketException resetWhileConnecting) {
            // That is no more, too.
        }
    }

    /** The program hears of this peer in the second reply. */
    Program hearsOf(Program peer) throws IOException {
        byte[] address = peer.socket().getLocalAddress().getAddress();
        byte[] port = SocksBytes.port(peer.socket().getLocalPort());
        byte[] reply = isSocks4
                ? join(bytes(0, 90), port, address)
                : join(bytes(5, 0, 0, address.length == 4 ? 1 : 4), address, port);
        return program.hears(reply);
    }

    /** The program hears of this peer, and both hear each other. */
    void greets(Program peer) throws IOException {
        try (peer) {
            hearsOf(peer).says("hello peer");
            peer.hears("hello peer").says("hello program");
            program.hears("hello program");
        }
    }

    /** Nobody can connect any more, after a while. */
    void closesSoon() throws IOException {
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        while (System.nanoTime() < end) {
            try (Socket late = new Socket()) {
                late.connect(at, PATIENCE_MILLIS);
            } catch (ConnectException closed) {
                return;
            } catch (SocketException closing) {
                // It was still there, and is about to go.
                Thread.onSpinWait();
            }
        }
        throw new AssertionError("port " + at.getPort() + " is still there");
    }

    @Override
    public void close() throws IOException {
        program.close();
    }

    /** Where a server that listens at all addresses is reached as we reach it. */
    private static InetSocketAddress address(Scene scene, byte[] address, byte[] port) throws IOException {
        boolean isAny = Arrays.equals(address, new byte[address.length]);
        return new InetSocketAddress(
                isAny ? scene.server().getAddress() : InetAddress.getByAddress(address),
                (port[0] & 0xff) << 8 | (port[1] & 0xff));
    }
}

package holdfast.client.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.uring.IoUring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel says at once whose a connection is, in either family, as long as somebody holds it; where it cannot be asked, that is said. */
final class SocketDiagTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aConnectionIsItsProgramsUsers(String host) throws Exception {
        if (isRefused()) {
            return;
        }
        try (SocketDiag diag = new SocketDiag(NetlinkSocket.open());
                ServerSocket door = new ServerSocket(0, 1, InetAddress.getByName(host));
                Socket program = new Socket(door.getInetAddress(), door.getLocalPort());
                Socket accepted = door.accept()) {
            InetSocketAddress here = (InetSocketAddress) program.getLocalSocketAddress();
            InetSocketAddress there = (InetSocketAddress) accepted.getLocalSocketAddress();
            Object own = Files.getAttribute(Path.of("/proc/self"), "unix:uid");

            for (int i = 0; i < 100; i++) {
                assertThat(diag.ownerOf(here, there)).isEqualTo(own);
            }
            assertThat(diag.ownerOf(new InetSocketAddress(here.getAddress(), 1), there))
                    .as("a connection that does not exist")
                    .isEqualTo(SocketOwners.GONE);
            assertThat(diag.ownerOf(there, new InetSocketAddress(here.getAddress(), 1)))
                    .as("a port where somebody only listens")
                    .isEqualTo(SocketOwners.GONE);
        }
    }

    @Test
    void aProgramThatHasClosedHoldsNothing() throws Exception {
        if (isRefused()) {
            return;
        }
        InetSocketAddress here;
        InetSocketAddress there;
        try (SocketDiag diag = new SocketDiag(NetlinkSocket.open());
                ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            try (Socket program = new Socket(door.getInetAddress(), door.getLocalPort())) {
                here = (InetSocketAddress) program.getLocalSocketAddress();
                there = (InetSocketAddress) program.getRemoteSocketAddress();
            }
            assertThat(diag.ownerOf(here, there)).isEqualTo(SocketOwners.GONE);
        }
    }

    @Test
    void aProgramThatReachesIp4BySocketsOfIp6IsFoundByItsIp4Address() throws Exception {
        if (isRefused()) {
            return;
        }
        InetAddress host = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        // The JDK's channels are sockets of IPv6 wherever there is any.
        try (SocketDiag diag = new SocketDiag(NetlinkSocket.open());
                ServerSocket door = new ServerSocket(0, 1, host);
                SocketChannel program = SocketChannel.open(new InetSocketAddress(host, door.getLocalPort()));
                Socket accepted = door.accept()) {
            assertThat(diag.ownerOf((InetSocketAddress) program.getLocalAddress(), (InetSocketAddress)
                            accepted.getLocalSocketAddress()))
                    .isEqualTo(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        }
    }

    @Test
    void anAddressThatEachLinkHasIsNotAskedAbout() throws Exception {
        if (isRefused()) {
            return;
        }
        InetSocketAddress local = new InetSocketAddress(InetAddress.getByName("fe80::1"), 1);
        try (SocketDiag diag = new SocketDiag(NetlinkSocket.open())) {
            assertThatThrownBy(() -> diag.ownerOf(local, local)).isInstanceOf(IOException.class);
        }
    }

    /** Where io_uring is missing or forbidden, as in many containers, all that can be seen is that this is said. */
    private static boolean isRefused() {
        if (IoUring.isAvailable()) {
            return false;
        }
        assertThatThrownBy(NetlinkSocket::open).isInstanceOf(IOException.class);
        return true;
    }
}

package holdfast.server.destination;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.protocol.ErrorCode;
import io.netty.channel.ChannelException;
import io.netty.channel.ConnectTimeoutException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

/** Exceptions that need a network to be thrown in earnest. */
final class ConnectFailuresTest {
    private static final InetSocketAddress HERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);

    @Test
    void anAddressWithARouteWhoseHostIsNotThereIsAnUnreachableHost() {
        assertThat(ConnectFailures.refusal(HERE, new NoRouteToHostException()).code())
                .isEqualTo(ErrorCode.HOST_UNREACHABLE);
        assertThat(ConnectFailures.refusal(HERE, new ConnectException("Host is down"))
                        .code())
                .isEqualTo(ErrorCode.HOST_UNREACHABLE);
    }

    @Test
    void aMissingRouteIsAnUnreachableNetwork() {
        assertThat(ConnectFailures.refusal(HERE, new SocketException("Network is unreachable"))
                        .code())
                .isEqualTo(ErrorCode.NETWORK_UNREACHABLE);
    }

    @Test
    void bothKindsOfTimeoutAreOne() {
        assertThat(ConnectFailures.refusal(HERE, new ConnectTimeoutException("connection timed out after 1 ms"))
                        .code())
                .isEqualTo(ErrorCode.TIMED_OUT);
        assertThat(ConnectFailures.refusal(HERE, new ConnectException("Connection timed out"))
                        .code())
                .isEqualTo(ErrorCode.TIMED_OUT);
    }

    @Test
    void whatTheGatewayLacksIsToldAsItIs() {
        Throwable files = new ChannelException("Failed to open a socket.", new SocketException("Too many open files"));
        Throwable ports = new BindException("Cannot assign requested address");

        assertThat(ConnectFailures.refusal(HERE, files))
                .isEqualTo(new Refusal(ErrorCode.GENERAL_FAILURE, "127.0.0.1:80: Too many open files"));
        assertThat(ConnectFailures.refusal(HERE, ports))
                .isEqualTo(new Refusal(ErrorCode.GENERAL_FAILURE, "127.0.0.1:80: Cannot assign requested address"));
    }
}

package holdfast.server.destination;

import holdfast.protocol.ErrorCode;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.nio.channels.DatagramChannel;
import java.util.Locale;

/** What a failed connect really was, told from what epoll, kqueue and NIO throw. */
final class ConnectFailures {
    private ConnectFailures() {}

    static Refusal refusal(InetSocketAddress address, Throwable thrown) {
        ErrorCode code = codeOf(address, thrown);
        String why = switch (code) {
            case CONNECTION_REFUSED -> "connection refused";
            case TIMED_OUT -> "no answer";
            case HOST_UNREACHABLE -> "host unreachable";
            case NETWORK_UNREACHABLE -> "network unreachable";
            default -> reason(thrown);
        };
        return new Refusal(code, shown(address) + ": " + why);
    }

    static Refusal timeout(InetSocketAddress address) {
        return refusal(address, new ConnectTimeoutException());
    }

    /** Of several failures the one that says most is told: one that got an answer before one that got none. */
    static int weight(Refusal refusal) {
        return switch (refusal.code()) {
            case CONNECTION_REFUSED -> 5;
            case TIMED_OUT -> 4;
            case HOST_UNREACHABLE -> 3;
            case GENERAL_FAILURE -> 2;
            default -> 1;
        };
    }

    private static ErrorCode codeOf(InetSocketAddress address, Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            String message = String.valueOf(each.getMessage()).toLowerCase(Locale.ROOT);
            if (each instanceof ConnectTimeoutException || message.contains("timed out")) {
                return ErrorCode.TIMED_OUT;
            }
            if (each instanceof NoRouteToHostException) {
                return unreachable(address);
            }
            if (message.contains("network is unreachable")) {
                return ErrorCode.NETWORK_UNREACHABLE;
            }
            if (message.contains("host is down")) {
                return ErrorCode.HOST_UNREACHABLE;
            }
            if (each instanceof PortUnreachableException || message.contains("refused")) {
                return ErrorCode.CONNECTION_REFUSED;
            }
        }
        return ErrorCode.GENERAL_FAILURE;
    }

    /**
     * Netty's epoll throws one exception for "network unreachable" and "host unreachable". Whether the machine has a route at all is found by
     * connecting a datagram socket, which sends nothing.
     */
    private static ErrorCode unreachable(InetSocketAddress address) {
        try (DatagramChannel probe = DatagramChannel.open()) {
            probe.connect(address);
        } catch (NoRouteToHostException | ConnectException hostOrOther) {
            return ErrorCode.HOST_UNREACHABLE;
        } catch (IOException noRoute) {
            return ErrorCode.NETWORK_UNREACHABLE;
        }
        return ErrorCode.HOST_UNREACHABLE;
    }

    private static String reason(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : message;
    }

    private static String shown(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}

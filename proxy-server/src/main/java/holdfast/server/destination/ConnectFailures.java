package holdfast.server.destination;

import holdfast.protocol.ErrorCode;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.Locale;

/** What a failed connect really was, told from what epoll, kqueue and NIO throw. */
final class ConnectFailures {
    private ConnectFailures() {}

    static Refusal refusal(Throwable cause) {
        String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (cause instanceof ConnectTimeoutException || text.contains("timed out")) {
            return new Refusal(ErrorCode.TIMED_OUT, "no answer in time");
        }
        if (text.contains("network is unreachable") || text.contains("network unreachable")) {
            return new Refusal(ErrorCode.NETWORK_UNREACHABLE, "the network is unreachable");
        }
        if (cause instanceof NoRouteToHostException
                || text.contains("no route to host")
                || text.contains("host is unreachable")) {
            return new Refusal(ErrorCode.HOST_UNREACHABLE, "the host is unreachable");
        }
        if (text.contains("refused")) {
            return new Refusal(ErrorCode.CONNECTION_REFUSED, "connection refused");
        }
        if (cause instanceof ConnectException && text.contains("reset")) {
            return new Refusal(ErrorCode.CONNECTION_REFUSED, "connection reset");
        }
        return new Refusal(ErrorCode.GENERAL_FAILURE, String.valueOf(cause.getMessage()));
    }

    /** How much a refusal tells: of several attempts the user is shown the most telling. */
    static int weight(Refusal refusal) {
        return switch (refusal.code()) {
            case CONNECTION_REFUSED -> 5;
            case TIMED_OUT -> 4;
            case HOST_UNREACHABLE -> 3;
            case NETWORK_UNREACHABLE -> 2;
            case NOT_ALLOWED -> 1;
            default -> 0;
        };
    }
}

package holdfast.client.http;

import holdfast.protocol.ErrorCode;
import io.netty.handler.codec.http.HttpResponseStatus;

/** A request is answered here instead of by its destination, with this status and text. There is no stack trace: the program decides how often these are thrown. */
final class HttpRefusal extends Exception {
    private static final long serialVersionUID = 1;

    private final transient HttpResponseStatus status;

    HttpRefusal(HttpResponseStatus status, String text) {
        super(text, null, false, false);
        this.status = status;
    }

    HttpResponseStatus status() {
        return status;
    }

    String text() {
        String text = getMessage();
        return text == null ? "" : text;
    }

    /** What came of an attempt to open a stream, in the words of HTTP. */
    static HttpRefusal of(ErrorCode code, String text) {
        return switch (code) {
            case NOT_ALLOWED ->
                new HttpRefusal(HttpResponseStatus.FORBIDDEN, "The gateway does not allow this: " + text);
            case TIMED_OUT ->
                new HttpRefusal(HttpResponseStatus.GATEWAY_TIMEOUT, "The destination did not answer in time: " + text);
            case CONNECTION_REFUSED ->
                new HttpRefusal(HttpResponseStatus.BAD_GATEWAY, "The destination refused the connection: " + text);
            case NAME_NOT_FOUND ->
                new HttpRefusal(HttpResponseStatus.BAD_GATEWAY, "The gateway does not find this name: " + text);
            case NETWORK_UNREACHABLE, HOST_UNREACHABLE ->
                new HttpRefusal(HttpResponseStatus.BAD_GATEWAY, "The gateway cannot reach the destination: " + text);
            case LIMIT_REACHED ->
                new HttpRefusal(HttpResponseStatus.SERVICE_UNAVAILABLE, "A limit is reached: " + text);
            default ->
                code.compareTo(ErrorCode.SESSION_GONE) >= 0
                        ? new HttpRefusal(
                                HttpResponseStatus.SERVICE_UNAVAILABLE, "The gateway cannot be reached: " + text)
                        : new HttpRefusal(HttpResponseStatus.BAD_GATEWAY, "The connection failed: " + text);
        };
    }
}

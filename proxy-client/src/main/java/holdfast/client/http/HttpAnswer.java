package holdfast.client.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/** Answers that the front door gives itself. They are the last ones on their connection. */
final class HttpAnswer {
    private final HttpResponseStatus status;
    private final StringBuilder head = new StringBuilder(256);
    private String body = "";

    private HttpAnswer(HttpResponseStatus status) {
        this.status = status;
        head.append("HTTP/1.1 ")
                .append(status.code())
                .append(' ')
                .append(status.reasonPhrase())
                .append("\r\n");
        header("Connection", "close");
        header("Cache-Control", "no-store");
        header("X-Content-Type-Options", "nosniff");
    }

    static HttpAnswer of(HttpResponseStatus status) {
        return new HttpAnswer(status);
    }

    /** An error, told in a line of text. */
    static HttpAnswer of(HttpRefusal refusal) {
        String text = refusal.text().replaceAll("\\p{Cntrl}", "?");
        return of(refusal.status())
                .body("text/plain; charset=utf-8", refusal.status().code() + " " + text + "\n");
    }

    /** Adds a header; the value is our own text, never a program's. */
    HttpAnswer header(String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
        return this;
    }

    HttpAnswer body(String type, String text) {
        body = text;
        return header("Content-Type", type);
    }

    HttpResponseStatus status() {
        return status;
    }

    /**
     * The answer on the wire; gives ownership.
     *
     * @param headOnly whether the request was HEAD: the length is told, the body is not sent (RFC 9110 section 9.3.2)
     */
    ByteBuf toBytes(boolean headOnly) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String lines = head + "Content-Length: " + bytes.length + "\r\n\r\n";
        byte[] first = lines.getBytes(StandardCharsets.US_ASCII);
        return headOnly ? Unpooled.wrappedBuffer(first) : Unpooled.wrappedBuffer(first, bytes);
    }
}

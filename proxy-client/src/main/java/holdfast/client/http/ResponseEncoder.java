package holdfast.client.http;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/** Writes responses, and knows that one to HEAD has no body whatever its headers say (RFC 9110 section 9.3.2). */
final class ResponseEncoder extends HttpResponseEncoder {
    private boolean toHead;

    void respondsToHead(boolean head) {
        toHead = head;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
        return toHead || super.isContentAlwaysEmpty(response);
    }
}

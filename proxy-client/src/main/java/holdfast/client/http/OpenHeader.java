package holdfast.client.http;

import holdfast.client.opening.DoorPolicy;
import holdfast.client.opening.OpenMode;
import io.netty.handler.codec.http.HttpRequest;

/** {@code Holdfast-Open: confirm} in a CONNECT: its program wants to be told exactly, whatever is usual at this door. Anything else in it means nothing. */
final class OpenHeader {
    private static final String NAME = "Holdfast-Open";

    private OpenHeader() {}

    static DoorPolicy applied(HttpRequest request, DoorPolicy policy) {
        boolean confirm = request.headers().containsValue(NAME, "confirm", true);
        return confirm ? policy.withMode(OpenMode.CONFIRM) : policy;
    }
}

package holdfast.client.session;

import holdfast.client.dialer.Dialer;
import holdfast.client.dialer.Route;
import holdfast.frame.Enrol;
import holdfast.frame.EnrolOk;
import holdfast.frame.Frame;
import holdfast.frame.Refused;
import holdfast.protocol.ErrorCode;
import holdfast.transport.PathChannel;
import holdfast.transport.PathReceiver;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Presents an invitation's code to a gateway, inside TLS and with the client's key, so that the key is listed there. */
public final class Enroller {
    private static final int ATTEMPT_MILLIS = 10_000;

    private final Dialer dialer;

    public Enroller(Dialer dialer) {
        this.dialer = dialer;
    }

    /** The gateway does not take the code. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        private final ErrorCode code;

        RefusedException(ErrorCode code, String message) {
            super(message);
            this.code = code;
        }

        /** As the gateway gave it. */
        public ErrorCode code() {
            return code;
        }
    }

    /** What the gateway answered: under whose name the key is listed, and where the gateway is reached, HOST:PORT. */
    public record Enrolled(String user, List<String> addresses) {}

    /**
     * Tries one way to the gateway. The future fails with {@link RefusedException} where the gateway refuses, with whatever went wrong otherwise.
     *
     * @param code of the invitation
     * @param device what the key is called in the gateway's list
     */
    public CompletableFuture<Enrolled> enrol(Route route, String code, String device) {
        CompletableFuture<Enrolled> answer = new CompletableFuture<>();
        dialer.dial(route, 0, ATTEMPT_MILLIS, new Dialer.Outcome() {
            @Override
            public void onConnected(PathChannel path) {
                path.attach(new Answer(answer));
                Enrol request = new Enrol(code, device);
                ByteBuf frames = path.allocator().directBuffer(request.length());
                request.write(frames);
                path.write(frames);
                path.flush();
            }

            @Override
            public void onFailed(Throwable cause) {
                answer.completeExceptionally(cause);
            }
        });
        return answer;
    }

    private record Answer(CompletableFuture<Enrolled> to) implements PathReceiver {
        @Override
        public void onFrame(PathChannel path, Frame frame) {
            if (frame instanceof EnrolOk ok) {
                to.complete(new Enrolled(ok.user(), ok.addresses()));
            } else if (frame instanceof Refused refused) {
                to.completeExceptionally(new RefusedException(
                        refused.code(),
                        refused.code() == ErrorCode.LIMIT_REACHED ? refused.text() + ": try again" : refused.text()));
            } else {
                frame.release();
                to.completeExceptionally(new IOException("the gateway answered with " + frame.type()));
            }
            path.abort();
        }

        @Override
        public void onClosed(PathChannel path, ErrorCode code, String text) {
            to.completeExceptionally(new IOException("the gateway closed the connection: " + text));
        }
    }
}

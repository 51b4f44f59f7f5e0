package holdfast.server.session;

import holdfast.driver.StreamHandle;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.StreamKind;
import holdfast.server.budget.SessionBudget;
import java.util.Map;

/** Hands each stream to the service for its kind; a kind without one is rejected. */
public final class ServicesByKind implements StreamService {
    private final Map<StreamKind, StreamService> services;

    public ServicesByKind(Map<StreamKind, StreamService> services) {
        this.services = Map.copyOf(services);
    }

    @Override
    public void serve(SessionBudget session, StreamHandle stream, OpenRequest request) {
        StreamService service = services.get(request.kind());
        if (service == null) {
            stream.reject(ErrorCode.KIND_NOT_SUPPORTED, "this gateway does not serve " + request.kind() + " streams");
        } else {
            service.serve(session, stream, request);
        }
    }
}

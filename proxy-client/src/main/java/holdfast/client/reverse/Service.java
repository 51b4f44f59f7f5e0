package holdfast.client.reverse;

import holdfast.driver.StreamHandle;

/** What is done with a connection that came to a listener at the gateway. */
interface Service {
    /** Accepts or rejects it, now or later, on the event loop. */
    void serve(StreamHandle connection);
}

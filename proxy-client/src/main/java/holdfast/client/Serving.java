package holdfast.client;

import holdfast.console.ControlHandler;
import java.util.List;

/** A client that runs, whatever it speaks with its gateway. */
interface Serving {
    /** Where programs find the proxy. */
    List<String> listening();

    ControlHandler status();

    /** Ends what there is with the gateway in order, and everything else. */
    void stop() throws InterruptedException;
}

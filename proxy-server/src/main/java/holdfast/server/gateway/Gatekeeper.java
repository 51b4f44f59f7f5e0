package holdfast.server.gateway;

import holdfast.identity.Pin;
import java.util.Optional;

/** Knows whose keys are let in. May read files, so it is never asked on an event loop. */
public interface Gatekeeper {
    /** The user who owns the key and may log in now. */
    Optional<String> userOf(Pin key);

    /** Whether there is such a code, used up or not; what else is to be judged need not be where there is none. */
    boolean isCode(String code);

    /** Lists the key under the name the code was made for, uses the code up, and returns the name. Empty for a code that is unknown, used or expired. */
    Optional<String> enrol(String code, Pin key, String device);
}

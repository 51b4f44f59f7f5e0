package holdfast.server.gateway;

import holdfast.frame.EnrolOk;
import holdfast.identity.Pin;
import java.util.Optional;

/** Knows whose keys are let in. May read files, so it is never asked on an event loop. */
public interface Gatekeeper {
    /** The user who owns the key and may log in now. */
    Optional<String> userOf(Pin key);

    /** Lists the key under the name the code was made for, and uses the code up. Empty for a code that is unknown, used or expired. */
    Optional<EnrolOk> enrol(String code, Pin key, String device);
}

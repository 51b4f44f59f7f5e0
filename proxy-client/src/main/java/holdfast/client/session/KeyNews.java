package holdfast.client.session;

import holdfast.identity.Pin;
import java.util.Set;

/** Knows the gateway's key, and hears by which one it is going to be known. Any thread. */
public interface KeyNews {
    /** The keys that are accepted now. Changes by itself. */
    Set<Pin> accepted();

    /** The gateway has proved this key in a handshake. */
    void proven(Pin pin);

    /** The key that the gateway proved last, as far as it is one of those it has announced. */
    Pin present();

    /**
     * The gateway has said by which key it is going to be known.
     *
     * @param pin as the gateway sent it; perhaps not a pin
     */
    void announced(String pin);
}

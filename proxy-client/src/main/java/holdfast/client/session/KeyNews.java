package holdfast.client.session;

/** Hears by which key the gateway is going to be known. Any thread. */
@FunctionalInterface
public interface KeyNews {
    /** @param pin as the gateway sent it; perhaps not a pin */
    void announced(String pin);
}

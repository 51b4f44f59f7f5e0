package holdfast.protocol;

/** Which end of a session this is. Only clients dial; the parity of a stream id tells who opened it (PROTOCOL.md section 5). */
public enum Role {
    CLIENT,
    GATEWAY;

    public Role peer() {
        return this == CLIENT ? GATEWAY : CLIENT;
    }
}

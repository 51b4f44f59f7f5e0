package holdfast.server.policy;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a user wants to do with an address. */
public enum Verb {
    /** Have a TCP connection made to it. */
    CONNECT,
    /** Have datagrams sent to it. */
    UDP,
    /** Listen at it, an address of the gateway, for one connection (SOCKS BIND). */
    BIND,
    /** Listen at it, an address of the gateway, for as many as come ({@code -R}). */
    LISTEN;

    static final Set<Verb> REACH = EnumSet.of(CONNECT, UDP);
    static final Set<Verb> LISTENING = EnumSet.of(BIND, LISTEN);

    /**
     * The verb with this word.
     *
     * @throws IllegalArgumentException that names all
     */
    public static Verb parse(String word) {
        for (Verb each : values()) {
            if (each.toString().equals(word)) {
                return each;
            }
        }
        throw new IllegalArgumentException("'" + word + "' is not one of connect, udp, bind, listen");
    }

    boolean listens() {
        return LISTENING.contains(this);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

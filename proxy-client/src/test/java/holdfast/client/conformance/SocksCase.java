package holdfast.client.conformance;

import java.io.IOException;

/**
 * One dialogue.
 *
 * @param name what the server has to do, as a sentence
 * @param need what must be there for it
 */
public record SocksCase(String name, Need need, Script script) {
    /** What a dialogue needs of server and scene. */
    public enum Need {
        /** Any SOCKS server that needs no password. */
        OPEN_SERVER,
        /** The same, that listens for peers (BIND) at addresses of this machine. */
        LISTENING_SERVER,
        /** A server that wants a password. */
        PASSWORD_SERVER,
        /** Our front door that needs no password, with our gateway in memory, which has destinations that fail in every way. */
        OUR_GATEWAY,
        /** Our front door that wants a password. */
        OUR_PASSWORD_SERVER
    }

    /** What is said and heard; an {@link AssertionError} says what was heard instead. */
    @FunctionalInterface
    public interface Script {
        void play(Scene scene) throws IOException;
    }

    @Override
    public String toString() {
        return name;
    }
}

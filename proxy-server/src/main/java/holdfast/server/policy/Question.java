package holdfast.server.policy;

import org.jspecify.annotations.Nullable;

/** What is asked of a policy. */
final class Question {
    /** Stands for a port where none is used, or where any will do. */
    static final int ANY_PORT = -1;

    private final Verb verb;
    private final @Nullable String name;
    private final byte[] address;
    private final int port;
    private final @Nullable String path;

    /**
     * A question.
     *
     * @param verb what is wanted
     * @param name the name that the program asked for, as {@link NamePattern} compares them; null if it asked for an address
     * @param address to be used, 4 or 16 bytes; never mapped
     * @param port 0 to 65535, or {@link #ANY_PORT}
     */
    Question(Verb verb, @Nullable String name, byte[] address, int port) {
        this(verb, name, address, port, null);
    }

    private Question(Verb verb, @Nullable String name, byte[] address, int port, @Nullable String path) {
        this.verb = verb;
        this.name = name;
        this.address = address;
        this.port = port;
        this.path = path;
    }

    /** About a Unix-domain socket with this path, which has neither address nor port. */
    static Question aboutPath(Verb verb, String path) {
        return new Question(verb, null, new byte[0], ANY_PORT, path);
    }

    /** The same about another address. */
    Question about(byte[] other) {
        return new Question(verb, name, other, port);
    }

    /** The same about another port. */
    Question at(int other) {
        return new Question(verb, name, address, other);
    }

    Verb verb() {
        return verb;
    }

    @Nullable String name() {
        return name;
    }

    byte[] address() {
        return address;
    }

    int port() {
        return port;
    }

    @Nullable String path() {
        return path;
    }

    boolean isIn(Ports ports) {
        return port == ANY_PORT || ports.contains(port);
    }

    /** ADDRESS, as it stands before a port. */
    String host() {
        String text = Cidr.text(address);
        return address.length == 4 ? text : "[" + text + "]";
    }

    /** ADDRESS:PORT, or only the address without a port. */
    String place() {
        return port == ANY_PORT ? Cidr.text(address) : host() + ":" + port;
    }
}

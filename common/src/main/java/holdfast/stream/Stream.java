package holdfast.stream;

/** One TCP connection of a program inside the session: two halves that end independently. */
public final class Stream {
    private final long id;
    private final SendHalf send;
    private final ReceiveHalf receive;

    public Stream(long id, SendHalf send, ReceiveHalf receive) {
        this.id = id;
        this.send = send;
        this.receive = receive;
    }

    public long id() {
        return id;
    }

    public SendHalf send() {
        return send;
    }

    public ReceiveHalf receive() {
        return receive;
    }

    /** Whether both halves are over and nothing remains to be said about them. */
    public boolean isOver() {
        return send.state().isTerminal() && receive.state().isTerminal();
    }
}

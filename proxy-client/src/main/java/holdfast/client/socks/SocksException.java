package holdfast.client.socks;

/** A program's SOCKS message is wrong; the reply says how. There is no stack trace: the program decides how often these are thrown. */
final class SocksException extends Exception {
    private static final long serialVersionUID = 1;

    private final SocksReply reply;

    SocksException(SocksReply reply, String message) {
        super(message, null, false, false);
        this.reply = reply;
    }

    SocksReply reply() {
        return reply;
    }
}

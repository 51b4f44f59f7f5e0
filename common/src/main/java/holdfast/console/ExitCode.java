package holdfast.console;

/** How a program ends, in the numbers of sysexits(3); scripts rely on them. */
public enum ExitCode {
    OK(0),
    /** The command line, or a URL on it, is wrong. */
    USAGE(64),
    /** The gateway, or the program whose status was asked, cannot be reached. */
    UNAVAILABLE(69),
    /** A fault of the program itself. */
    SOFTWARE(70),
    /** An address cannot be bound or a file cannot be written. */
    CANNOT_CREATE(73),
    /** The gateway does not want this key or code. */
    REFUSED(77),
    /** A config file is wrong, or a private file is open to others. */
    CONFIG(78);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}

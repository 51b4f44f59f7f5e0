package holdfast.protocol;

/** How a path is to be used while it is up; the numbers are those of PATH_STATUS. */
public enum PathStanding {
    /** Carries whatever suits it. */
    ACTIVE(0),
    /** Joined and warm, used when no active path is. */
    STANDBY(1),
    /** Costs money: used when neither an active nor a standby path is. */
    METERED(2);

    private static final PathStanding[] BY_CODE = values();

    private final int code;

    PathStanding(int code) {
        this.code = code;
    }

    /** The standing with this number; an unknown one is the most careful. */
    public static PathStanding of(long code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[(int) code] : METERED;
    }

    /** The number on the wire; the smaller, the sooner the path is used. */
    public int code() {
        return code;
    }
}

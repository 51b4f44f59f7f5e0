package holdfast.mtatls;

/** What both programs have to call the protocol alike. */
public final class MtaTls {
    /** The application protocol by which a TLS connection is one of MTA-TLS. */
    public static final String PROTOCOL = "mta-tls/1";

    private MtaTls() {}
}

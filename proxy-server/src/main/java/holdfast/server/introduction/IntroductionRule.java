package holdfast.server.introduction;

import holdfast.server.policy.AddressRule;
import java.net.InetAddress;
import java.util.Locale;

/**
 * Which destinations get a header, and what it says.
 *
 * @param where addresses and ports. Never names: a destination that a rule knows by its name could be reached by its address as well, without a header, and
 *     the program could then write one of its own
 * @param form of the header
 */
public record IntroductionRule(AddressRule where, Form form) {
    private static final String SHAPE = "ADDRESS[/LENGTH]:PORTS v1, ... v2, or ... v2 binding";

    /** What a header says. */
    public enum Form {
        /** One line of text: addresses. */
        V1,
        /** Binary: addresses and the user's name. */
        V2,
        /** As V2, and the stream's channel binding. */
        V2_BINDING
    }

    /**
     * Reads {@code 10.9.0.5:5432 v2 binding}.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    public static IntroductionRule parse(String text) {
        String[] words = text.strip().split("\\s+", 2);
        if (words.length < 2) {
            throw new IllegalArgumentException("'" + text + "' is not " + SHAPE);
        }
        Form form = switch (words[1].strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ")) {
            case "v1" -> Form.V1;
            case "v2" -> Form.V2;
            case "v2 binding" -> Form.V2_BINDING;
            default ->
                throw new IllegalArgumentException("'" + text + "': '" + words[1] + "' is not v1, v2 or v2 binding");
        };
        AddressRule where = AddressRule.parse(words[0]);
        if (where.isEveryPort()) {
            throw new IllegalArgumentException("'" + text
                    + "' names no ports: a header would go to every server at these addresses; which expect it? "
                    + SHAPE);
        }
        return new IntroductionRule(where, form);
    }

    boolean covers(InetAddress address, int port) {
        return where.covers(address, port);
    }
}

package holdfast.client.config;

import holdfast.client.door.ListenAddress;
import holdfast.protocol.Destination;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The parts of a forward between its colons; an address in brackets is one part, and a path is. */
final class ForwardFields {
    private ForwardFields() {}

    /** Splits at colons, but not inside brackets. */
    static List<String> of(String text) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean bracketed = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':' && !bracketed) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                bracketed = c == '[' || (bracketed && c != ']');
                field.append(c);
            }
        }
        if (bracketed) {
            throw new IllegalArgumentException("'" + text + "' has no closing ]");
        }
        fields.add(field.toString());
        return fields;
    }

    /**
     * How many fields say where to listen; the others say where to connect to.
     *
     * @param form what is expected, for the message
     */
    static int split(String text, List<String> fields, String form) {
        int targetFields = isPath(fields.get(fields.size() - 1)) ? 1 : 2;
        int listenFields = fields.size() - targetFields;
        boolean listensAtPath = listenFields == 1 && isPath(fields.get(0));
        boolean listensAtPort = listenFields >= 1 && listenFields <= 2 && isPort(fields.get(listenFields - 1));
        if (!listensAtPath && !listensAtPort) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not " + form + "; write an IPv6 address as [ADDRESS]");
        }
        return listenFields;
    }

    static ListenAddress listenHere(String text, List<String> fields) {
        try {
            return ListenAddress.parse(String.join(":", fields));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "': " + e.getMessage(), e);
        }
    }

    /** Where to listen at the gateway: by address, since a name would mean something else there. */
    static Destination listenThere(String text, List<String> fields) {
        if (isPath(fields.get(0))) {
            return new Destination.Unix(fields.get(0));
        }
        String bind = fields.size() == 1 ? "localhost" : fields.get(0).toLowerCase(Locale.ROOT);
        String address = switch (bind) {
            case "localhost" -> "127.0.0.1";
            case "", "*" -> "0.0.0.0";
            default -> bind;
        };
        if (parse(text, address + ":" + fields.get(fields.size() - 1)) instanceof Destination.Ip listen) {
            return listen;
        }
        throw new IllegalArgumentException(
                "'" + text + "': '" + bind + "' is not an address of the gateway to listen at");
    }

    static Destination destination(String text, List<String> fields) {
        if (isPath(fields.get(0))) {
            return new Destination.Unix(fields.get(0));
        }
        Destination destination = parse(text, String.join(":", fields));
        if (destination.port() == 0) {
            throw new IllegalArgumentException("'" + text + "': port 0 cannot be reached");
        }
        return destination;
    }

    static boolean isPath(String field) {
        return field.startsWith("/");
    }

    static boolean isPort(String field) {
        return !field.isEmpty() && field.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Destination parse(String text, String part) {
        try {
            return Destination.parse(part);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "': " + e.getMessage(), e);
        }
    }
}

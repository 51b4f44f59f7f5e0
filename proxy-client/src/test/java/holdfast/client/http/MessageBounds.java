package holdfast.client.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where each HTTP message in a row of bytes ends (RFC 9112 section 6.3), read strictly and by other code than the proxy's: what a careful next reader would take
 * them for. Only for what the proxy writes, which may not leave room for two opinions.
 */
final class MessageBounds {
    /** What follows a head. */
    enum Body {
        AS_FRAMED,
        /** The same; where no header tells the end, it is that of the connection. */
        AS_FRAMED_OR_ALL,
        NONE,
        /** No more HTTP. */
        OTHER_PROTOCOL
    }

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final Pattern CHUNK = Pattern.compile("([0-9a-fA-F]{1,15})[ \t]*(;[^\r\n]*)?");

    private final String bytes;
    private final List<String> firstLines = new ArrayList<>();
    private int at;
    private boolean inside;

    private MessageBounds(byte[] bytes) {
        this.bytes = new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /**
     * Reads them.
     *
     * @param bodyOf what the first line of a message says about its body
     * @throws AssertionError if a message can be read in two ways
     */
    static MessageBounds of(byte[] bytes, Function<String, Body> bodyOf) {
        MessageBounds bounds = new MessageBounds(bytes);
        bounds.readAll(bodyOf);
        return bounds;
    }

    /** The first lines of the messages whose heads are complete. */
    List<String> firstLines() {
        return firstLines;
    }

    /** Whether the bytes end inside a message. */
    boolean endInside() {
        return inside;
    }

    private void readAll(Function<String, Body> bodyOf) {
        while (at < bytes.length()) {
            inside = true;
            List<String> head = head();
            if (head == null) {
                return;
            }
            firstLines.add(head.get(0));
            Body body = bodyOf.apply(head.get(0));
            if (body == Body.OTHER_PROTOCOL) {
                inside = false;
                return;
            }
            if (!skipBody(head, body)) {
                return;
            }
            inside = false;
        }
    }

    private @Nullable List<String> head() {
        List<String> lines = new ArrayList<>();
        for (String line = line(); line != null; line = line()) {
            if (line.isEmpty() && !lines.isEmpty()) {
                return lines;
            }
            require(!line.isEmpty(), "an empty line where a message begins");
            require(lines.isEmpty() || line.indexOf(':') > 0, "a header without a name: " + line);
            lines.add(line);
        }
        return null;
    }

    private @Nullable String line() {
        int end = bytes.indexOf("\r\n", at);
        if (end < 0) {
            return null;
        }
        String line = bytes.substring(at, end);
        require(line.indexOf('\r') < 0 && line.indexOf('\n') < 0, "half a line end in: " + line);
        at = end + 2;
        return line;
    }

    private boolean skipBody(List<String> head, Body body) {
        List<String> lengths = values(head, "content-length");
        List<String> codings = values(head, "transfer-encoding");
        require(lengths.size() <= 1, "two lengths");
        require(lengths.isEmpty() || codings.isEmpty(), "a length and a coding");
        if (body == Body.NONE) {
            return true;
        }
        if (!codings.isEmpty()) {
            String all = String.join(",", codings).toLowerCase(Locale.ROOT);
            require(all.equals("chunked") || all.matches(".*,[ \t]*chunked"), "a body without an end: " + all);
            return skipChunks();
        }
        if (lengths.isEmpty()) {
            require(body == Body.AS_FRAMED_OR_ALL || !head.get(0).startsWith("HTTP/"), "a response without an end");
            at = body == Body.AS_FRAMED_OR_ALL ? bytes.length() : at;
            return true;
        }
        require(LENGTH.matcher(lengths.get(0)).matches(), "a length that is none: " + lengths.get(0));
        return skip(Long.parseLong(lengths.get(0)));
    }

    private boolean skipChunks() {
        while (true) {
            String line = line();
            if (line == null) {
                return false;
            }
            Matcher chunk = CHUNK.matcher(line);
            require(chunk.matches(), "a chunk without a length: " + line);
            long length = Long.parseLong(chunk.group(1), 16);
            if (length == 0) {
                return skipTrailers();
            }
            if (!skip(length)) {
                return false;
            }
            String end = line();
            require(end == null || end.isEmpty(), "a chunk longer than its length");
            if (end == null) {
                return false;
            }
        }
    }

    private boolean skipTrailers() {
        for (String line = line(); line != null; line = line()) {
            if (line.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private boolean skip(long length) {
        boolean whole = length <= bytes.length() - at;
        at = whole ? at + (int) length : bytes.length();
        return whole;
    }

    private static List<String> values(List<String> head, String name) {
        return head.stream()
                .skip(1)
                .filter(line -> line.substring(0, line.indexOf(':'))
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .equals(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .toList();
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise + ", in " + bytes);
        }
    }
}

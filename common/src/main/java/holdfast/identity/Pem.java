package holdfast.identity;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The text armour of keys and certificates (RFC 7468), as much of it as a key file needs. */
final class Pem {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private final String label;
    private final byte[] content;

    /** Takes ownership of the content. */
    Pem(String label, byte[] content) {
        this.label = label;
        this.content = content;
    }

    /**
     * All blocks of the text; what stands between them is a comment.
     *
     * @throws IllegalArgumentException that says what is wrong
     */
    static List<Pem> parse(String text) {
        List<Pem> blocks = new ArrayList<>();
        int at = 0;
        while (true) {
            int begin = text.indexOf(BEGIN, at);
            if (begin < 0) {
                return blocks;
            }
            int labelEnd = text.indexOf(DASHES, begin + BEGIN.length());
            if (labelEnd < 0) {
                throw new IllegalArgumentException("a BEGIN line does not end with " + DASHES);
            }
            String label = text.substring(begin + BEGIN.length(), labelEnd);
            int end = text.indexOf(END + label + DASHES, labelEnd);
            if (end < 0) {
                throw new IllegalArgumentException("the block " + label + " has no END line");
            }
            blocks.add(new Pem(label, decode(label, text.substring(labelEnd + DASHES.length(), end))));
            at = end + END.length() + label.length() + DASHES.length();
        }
    }

    String label() {
        return label;
    }

    /** The content itself, lent. */
    byte[] content() {
        return content;
    }

    String text() {
        Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return BEGIN + label + DASHES + "\n" + lines.encodeToString(content) + "\n" + END + label + DASHES + "\n";
    }

    /** Without the content: it may be a private key. */
    @Override
    public String toString() {
        return "Pem[" + label + ", " + content.length + " bytes]";
    }

    private static byte[] decode(String label, String body) {
        try {
            return Base64.getDecoder().decode(body.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the block " + label + " is not base64", e);
        }
    }
}

package holdfast.server.policy;

import java.util.regex.Pattern;

/**
 * Paths of Unix-domain sockets: {@code /run/postgresql/.s.PGSQL.5432} is that one; a {@code *} stands for any characters but a slash, so
 * {@code /run/holdfast/*} is what lies in that folder, and nothing below it.
 *
 * @param text absolute, in normal form
 */
record PathPattern(String text) {
    private static final int MOST = 255;

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    static PathPattern parse(String text) {
        if (!isPlain(text)) {
            throw new IllegalArgumentException("'" + text
                    + "' is not the path of a socket: absolute, without '.', '..', '//' or a slash at its end");
        }
        return new PathPattern(text);
    }

    /** Whether it is an absolute path in its only form; others could lead around a pattern. */
    static boolean isPlain(String path) {
        if (!path.startsWith("/") || path.length() > MOST || path.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            return false;
        }
        for (String part : path.substring(1).split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        return true;
    }

    /** Whether a plain path is one of these. */
    boolean matches(String path) {
        StringBuilder form = new StringBuilder();
        for (String each : text.split("\\*", -1)) {
            form.append(form.isEmpty() ? "" : "[^/]*").append(Pattern.quote(each));
        }
        return Pattern.matches(form.toString(), path);
    }

    @Override
    public String toString() {
        return text;
    }
}

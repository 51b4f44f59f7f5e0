package holdfast.mtatls.channel;

import holdfast.protocol.ErrorCode;

/** The first word of a refusal's text: a reply code of SOCKS5 (RFC 1928 section 6), which the error codes 1 to 8 are numbered by. */
final class ReplyCode {
    private static final int FIRST = ErrorCode.GENERAL_FAILURE.code();
    private static final int LAST = ErrorCode.ADDRESS_NOT_SUPPORTED.code();

    /** Longer reasons are of no use to anybody. */
    private static final int MAX_TEXT = 1000;

    private ReplyCode() {}

    /** The text of a refusal. */
    static String write(ErrorCode code, String text) {
        return number(code) + " " + text.substring(0, Math.min(MAX_TEXT, text.length()));
    }

    /** The code that a refusal's text starts with; a general failure where it starts with none. */
    static ErrorCode codeIn(String error) {
        int space = error.indexOf(' ');
        String word = space < 0 ? error : error.substring(0, space);
        if (word.length() == 1 && word.charAt(0) >= '0' + FIRST && word.charAt(0) <= '0' + LAST) {
            return ErrorCode.of(word.charAt(0) - '0');
        }
        return ErrorCode.GENERAL_FAILURE;
    }

    private static int number(ErrorCode code) {
        if (code == ErrorCode.NAME_NOT_FOUND) {
            return ErrorCode.HOST_UNREACHABLE.code();
        }
        return code.code() >= FIRST && code.code() <= LAST ? code.code() : FIRST;
    }
}

package holdfast.server.policy;

/**
 * Unix-domain sockets of the gateway.
 *
 * @param paths which
 */
record PathRule(PathPattern paths) implements Subject {
    /**
     * Reads a path or pattern.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    static PathRule parse(String text) {
        return new PathRule(PathPattern.parse(text));
    }

    /** Whether the text is about a path, right or wrong. */
    static boolean isMeant(String text) {
        return text.startsWith("/");
    }

    @Override
    public boolean covers(Question question) {
        String path = question.path();
        return path != null && paths.matches(path);
    }

    @Override
    public String toString() {
        return paths.toString();
    }
}

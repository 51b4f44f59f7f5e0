package holdfast.server.policy;

/**
 * Destinations that a program asks for by name.
 *
 * @param names which
 * @param ports of them
 */
record NameRule(NamePattern names, Ports ports) implements Subject {
    /**
     * Reads {@code NAME[:PORTS]}.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    static NameRule parse(String text) {
        int colon = text.indexOf(':');
        NamePattern names = NamePattern.parse(colon < 0 ? text : text.substring(0, colon));
        return new NameRule(names, colon < 0 ? Ports.ALL : Ports.parse(text.substring(colon + 1)));
    }

    @Override
    public boolean covers(Question question) {
        return question.isIn(ports) && names.matches(question.name());
    }

    @Override
    public String toString() {
        return ports.equals(Ports.ALL) ? names.toString() : names + ":" + ports;
    }
}

package holdfast.server.policy;

/** What a rule is about. */
sealed interface Subject permits AddressRule, ListenRule, NameRule, PathRule {
    /** Whether the question is about it. */
    boolean covers(Question question);
}

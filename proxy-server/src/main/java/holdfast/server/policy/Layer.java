package holdfast.server.policy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One section's rules, with their verdicts made beforehand: every datagram asks. */
final class Layer {
    private final List<Answer> denials;
    private final List<Answer> openings;

    Layer(Rules rules) {
        this.denials = answers(rules).filter(each -> !each.rule.allows()).toList();
        this.openings = answers(rules).filter(each -> each.rule.allows()).toList();
    }

    private record Answer(Rule rule, Verdict verdict) {}

    /** The verdict of a rule that denies it; null if none does. */
    @Nullable Verdict denial(Question question) {
        for (Answer each : denials) {
            if (each.rule.covers(question)) {
                return each.verdict;
            }
        }
        return null;
    }

    /** The verdict of a rule that allows it and names its address; null if none does. */
    @Nullable Verdict openingByAddress(Question question) {
        for (Answer each : openings) {
            if (each.rule.namesAddresses() && each.rule.covers(question)) {
                return each.verdict;
            }
        }
        return null;
    }

    /** The verdict of a rule that allows it by its name; null if none does. */
    @Nullable Verdict openingByName(Question question, boolean portHasToBeNamed) {
        for (Answer each : openings) {
            if (!each.rule.namesAddresses()
                    && (each.rule.namesPorts() || !portHasToBeNamed)
                    && each.rule.covers(question)) {
                return each.verdict;
            }
        }
        return null;
    }

    /** The ports at which rules allow to listen. */
    Stream<Ports> listenPorts(Question question) {
        return openings.stream()
                .map(Answer::rule)
                .filter(rule -> rule.covers(question))
                .filter(rule -> rule.subject() instanceof ListenRule)
                .map(rule -> ((ListenRule) rule.subject()).ports());
    }

    private static Stream<Answer> answers(Rules rules) {
        return rules.rules().stream().map(rule -> new Answer(rule, verdict(rule)));
    }

    private static Verdict verdict(Rule rule) {
        if (rule.allows()) {
            return new Verdict(true, rule.toString(), rule.place());
        }
        return new Verdict(
                false, "the gateway's rule  " + rule + "  (" + shown(rule.place()) + ") refuses it", rule.place());
    }

    /** Users need not know in which folder the gateway's settings lie. */
    private static String shown(String place) {
        Path name = Path.of(place).getFileName();
        return name == null ? place : name.toString();
    }
}

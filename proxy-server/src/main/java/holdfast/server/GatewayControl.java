package holdfast.server;

import holdfast.console.ControlHandler;
import holdfast.protocol.Destination;
import holdfast.server.destination.WhyAnswer;
import holdfast.server.policy.Policy;
import holdfast.server.policy.Verb;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Supplier;

/** Answers what is asked of the running gateway: {@code reload}, {@code why VERB USER HOST:PORT}, and whatever status knows. */
final class GatewayControl implements ControlHandler {
    static final String WHY = "why ";
    static final String RELOAD = "reload";
    /** Before the text of an answer that is bad news. */
    static final String NO = "no\n";

    static final String YES = "yes\n";

    private final Upkeep upkeep;
    private final Supplier<Policy> policy;
    private final ControlHandler status;

    GatewayControl(Upkeep upkeep, Supplier<Policy> policy, ControlHandler status) {
        this.upkeep = upkeep;
        this.policy = policy;
        this.status = status;
    }

    @Override
    public String answer(String command) {
        if (command.equals(RELOAD)) {
            Optional<String> mistake = upkeep.reload();
            return mistake.map(text -> NO + text).orElse(YES);
        }
        return command.startsWith(WHY) ? why(command.substring(WHY.length())) : status.answer(command);
    }

    private String why(String question) {
        String[] words = question.split(" ", -1);
        if (words.length != 3) {
            throw new IllegalArgumentException("'" + WHY + question + "' is not why VERB USER HOST:PORT");
        }
        WhyAnswer answer = WhyAnswer.of(
                policy.get(), words[1], Verb.parse(words[0]), Destination.parse(words[2]), InetAddress::getAllByName);
        return (answer.allowed() ? YES : NO) + answer.text();
    }
}

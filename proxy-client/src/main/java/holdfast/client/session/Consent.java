package holdfast.client.session;

import holdfast.agreement.AcceptRules;
import holdfast.agreement.Terms;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the user's rules accept the gateway's conditions: no stream is opened before they do. Belongs to the event loop. */
final class Consent {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.session");

    private final String login;
    private final AcceptRules rules;
    private Terms terms = Terms.UNSTATED;
    private boolean judged;
    private Optional<String> objection = Optional.empty();

    /** @param login the gateway's, for the log */
    Consent(String login, AcceptRules rules) {
        this.login = login;
        this.rules = rules;
    }

    /** Another session: its gateway has not said anything yet. */
    void startAnew() {
        terms = Terms.UNSTATED;
        judged = false;
        objection = Optional.empty();
    }

    /** These conditions hold from now on. Returns why they are not accepted, if they are not. */
    Optional<String> judge(Terms stated) {
        boolean isSame = judged && stated.equals(terms);
        terms = stated;
        judged = true;
        objection = rules.objection(stated);
        if (objection.isPresent() && !isSame) {
            LOG.atWarn()
                    .addKeyValue("login", login)
                    .addKeyValue("conditions", terms)
                    .addKeyValue("reason", objection.get())
                    .log("conditions.refused");
        } else if (!isSame) {
            LOG.atInfo()
                    .addKeyValue("login", login)
                    .addKeyValue("conditions", terms)
                    .log("conditions.accepted");
        }
        return objection;
    }

    boolean mayOpen() {
        return judged && objection.isEmpty();
    }

    /** Why no stream may be opened; empty while that is not known. */
    Optional<String> objection() {
        return objection;
    }

    /** For showing it. */
    String describe() {
        return !judged
                ? "not yet"
                : objection
                        .map(reason -> "refused: " + reason + " (" + terms + ")")
                        .orElse("accepted: " + terms);
    }
}

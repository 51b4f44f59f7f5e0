package holdfast.server.policy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What was allowed and goes on: connections, associations, listeners. Whoever starts one holds a grant until it ends, and is told when the policy
 * no longer allows it. Safe for all threads.
 */
public final class Grants {
    private final Supplier<Policy> policy;
    private final Set<Grant> held = ConcurrentHashMap.newKeySet();

    /** @param policy the one in force whenever it is asked for */
    public Grants(Supplier<Policy> policy) {
        this.policy = policy;
    }

    /** One thing that goes on. */
    public final class Grant {
        private final Function<Policy, Verdict> question;
        private final Consumer<Verdict> withdrawn;

        private Grant(Function<Policy, Verdict> question, Consumer<Verdict> withdrawn) {
            this.question = question;
            this.withdrawn = withdrawn;
        }

        /** It has ended by itself. */
        public void release() {
            held.remove(this);
        }

        private boolean recheck(Policy policy) {
            Verdict verdict = question.apply(policy);
            boolean ends = !verdict.allowed() && held.remove(this);
            if (ends) {
                withdrawn.accept(verdict);
            }
            return ends;
        }
    }

    /**
     * Holds a grant.
     *
     * @param question what the policy was asked when it began
     * @param withdrawn told once, on any thread, perhaps before this returns, when the policy says no
     */
    public Grant hold(Function<Policy, Verdict> question, Consumer<Verdict> withdrawn) {
        Grant grant = new Grant(question, withdrawn);
        held.add(grant);
        // The policy may have changed between the answer that let it begin and now.
        grant.recheck(policy.get());
        return grant;
    }

    /** Ends what the policy in force does not allow, and says how many that were. */
    public int recheck() {
        Policy now = policy.get();
        int ended = 0;
        for (Grant each : held) {
            ended += each.recheck(now) ? 1 : 0;
        }
        return ended;
    }

    /** How many are held. */
    public int count() {
        return held.size();
    }
}

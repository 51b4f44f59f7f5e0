package holdfast.server.datagram;

import holdfast.server.policy.Verdict;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that an association has sent to: only they may answer. The one that was used longest ago is forgotten where there are too many. Any
 * thread.
 */
final class Contacts {
    static final int MAX = 1024;

    private static final Verdict NOTHING_FORBIDDEN = new Verdict(true, "every contact is allowed");

    /** With the name that led there; empty for none. */
    private final Map<InetSocketAddress, String> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, String> eldest) {
            return size() > MAX;
        }
    };

    /** What is to be thought of a contact now. */
    interface Judge {
        Verdict of(@Nullable String name, InetSocketAddress address);
    }

    /** @param name that led to the address; null if the program gave the address */
    synchronized void add(InetSocketAddress address, @Nullable String name) {
        known.put(address, name == null ? "" : name);
    }

    synchronized boolean contains(InetSocketAddress address) {
        return known.get(address) != null;
    }

    /** Forgets those that are not allowed any more. Returns the verdict about one of these if nobody else is left, and else an allowing one. */
    synchronized Verdict forgetForbidden(Judge judge) {
        Verdict denial = null;
        for (Iterator<Map.Entry<InetSocketAddress, String>> all =
                        known.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<InetSocketAddress, String> each = all.next();
            String name = each.getValue();
            Verdict verdict = judge.of(name.isEmpty() ? null : name, each.getKey());
            if (!verdict.allowed()) {
                denial = verdict;
                all.remove();
            }
        }
        return denial != null && known.isEmpty() ? denial : NOTHING_FORBIDDEN;
    }
}

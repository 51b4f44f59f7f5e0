package holdfast.session;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the gateway has said of its addresses, and in which order: news may arrive out of order and twice (PROTOCOL.md section 4.5). */
final class GatewayAddresses {
    /** A gateway that names more without end is not believed. */
    static final int MAX = 64;

    private final Map<String, Long> newest = new LinkedHashMap<>();
    private long said;

    /** The number of the next thing to be said. */
    long next() {
        return ++said;
    }

    /** Whether what is said of an address is newer than all that was heard of it. */
    boolean isNews(String address, long sequence) {
        Long known = newest.get(address);
        if (known == null ? newest.size() >= MAX : known >= sequence) {
            return false;
        }
        newest.put(address, sequence);
        return true;
    }
}

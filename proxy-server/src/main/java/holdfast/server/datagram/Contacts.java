package holdfast.server.datagram;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/** The addresses that an association has sent to: only they may answer. The one that was used longest ago is forgotten where there are too many. */
final class Contacts {
    static final int MAX = 1024;

    private final Map<InetSocketAddress, Boolean> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, Boolean> eldest) {
            return size() > MAX;
        }
    };

    void add(InetSocketAddress address) {
        known.put(address, Boolean.TRUE);
    }

    boolean contains(InetSocketAddress address) {
        return known.get(address) != null;
    }
}

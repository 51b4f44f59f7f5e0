package holdfast.server.datagram;

import holdfast.protocol.Destination;
import holdfast.server.destination.AddressFinder;
import holdfast.server.destination.Refusal;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of names that one association sends to, for half a minute each. Datagrams wait while their name is being resolved, few of them and not
 * for long, because late is worse than lost.
 */
final class NameCache {
    private static final int MAX_NAMES = 64;
    private static final int MAX_WAITING = 16;
    private static final long LIFE_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** A name without an address is asked for again sooner. */
    private static final long FAILED_LIFE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Lookup lookup;
    private boolean closed;

    private final Map<Destination.Name, Known> entries = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Destination.Name, Known> eldest) {
            if (size() <= MAX_NAMES) {
                return false;
            }
            eldest.getValue().drop();
            return true;
        }
    };

    /** Finds the addresses of a name that the user may reach. */
    interface Lookup extends BiConsumer<Destination.Name, AddressFinder.Callback> {}

    /** What is to be done with a datagram whose address is known. */
    interface Sender {
        /**
         * Takes ownership of the bytes.
         *
         * @param name that led to the address; null if the program gave the address
         */
        void send(@Nullable String name, InetAddress address, int port, ByteBuf bytes);

        /** There is no address, or none that is allowed. */
        void refused(Destination.Name name, Refusal refusal);
    }

    private static final class Known {
        final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
        final long askedAt;

        @Nullable InetAddress address;

        @Nullable Refusal refusal;

        long until = Long.MAX_VALUE;

        Known(long askedAt) {
            this.askedAt = askedAt;
        }

        boolean isStale(long now) {
            return until != Long.MAX_VALUE && now - until > 0;
        }

        void drop() {
            waiting.forEach(ByteBuf::release);
            waiting.clear();
        }
    }

    NameCache(Lookup lookup) {
        this.lookup = lookup;
    }

    /** Sends to the name's address, now or when it is known. Takes ownership of the bytes. */
    void send(Destination.Name name, ByteBuf bytes, Sender sender) {
        long now = System.nanoTime();
        Known entry = entries.get(name);
        if (closed) {
            bytes.release();
        } else if (entry == null || entry.isStale(now)) {
            Known asked = new Known(now);
            asked.waiting.add(bytes);
            entries.put(name, asked);
            lookup.accept(name, new Answer(name, asked, sender));
        } else if (entry.address != null) {
            sender.send(name.host(), entry.address, name.port(), bytes);
        } else if (entry.refusal != null) {
            bytes.release();
            sender.refused(name, entry.refusal);
        } else {
            entry.waiting.add(bytes);
            if (entry.waiting.size() > MAX_WAITING) {
                entry.waiting.remove().release();
            }
        }
    }

    /** Gives back what waits. */
    void close() {
        closed = true;
        entries.values().forEach(Known::drop);
        entries.clear();
    }

    private static final class Answer implements AddressFinder.Callback {
        private final Destination.Name name;
        private final Known entry;
        private final Sender sender;

        Answer(Destination.Name name, Known entry, Sender sender) {
            this.name = name;
            this.entry = entry;
            this.sender = sender;
        }

        @Override
        public void onFound(List<InetAddress> addresses) {
            long now = System.nanoTime();
            entry.address = addresses.get(0);
            entry.until = now + LIFE_NANOS;
            if (now - entry.askedAt > PATIENCE_NANOS) {
                entry.drop();
            }
            for (ByteBuf each = entry.waiting.poll(); each != null; each = entry.waiting.poll()) {
                sender.send(name.host(), addresses.get(0), name.port(), each);
            }
        }

        @Override
        public void onRefused(Refusal refusal) {
            entry.refusal = refusal;
            entry.until = System.nanoTime() + FAILED_LIFE_NANOS;
            if (!entry.waiting.isEmpty()) {
                sender.refused(name, refusal);
            }
            entry.drop();
        }
    }
}

package holdfast.server.destination;

import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.StreamKind;
import holdfast.server.policy.Verdict;
import io.netty.channel.EventLoop;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Finds the addresses of a destination that a user may reach. Policy sees every one of them, and only those it allows come out, to be used as they
 * are: nobody resolves the name again.
 */
public final class AddressFinder {
    /** No name needs more, and an answer with a thousand addresses is not worth a thousand attempts. */
    private static final int MAX_ADDRESSES = 16;

    private final Resolver resolver;
    private final AddressCheck check;

    public AddressFinder(Resolver resolver, AddressCheck check) {
        this.resolver = resolver;
        this.check = check;
    }

    /** Exactly one of these is called, on the event loop. */
    public interface Callback {
        /**
         * There are some.
         *
         * @param addresses 1 to 16, in the order in which to try them: families in turn, the name's own order within each (RFC 8305 section 4) */
        void onFound(List<InetAddress> addresses);

        /** There is none, or none that is allowed. */
        void onRefused(Refusal refusal);
    }

    /**
     * Finds addresses; call it on the loop. The callback may come before this returns.
     *
     * @param kind what the addresses are wanted for
     */
    public void find(EventLoop loop, String user, StreamKind kind, Destination destination, Callback callback) {
        if (destination instanceof Destination.Ip ip) {
            filter(user, kind, null, destination, List.of(ip.address()), callback);
        } else if (destination instanceof Destination.Name name) {
            findByName(loop, user, kind, name, callback);
        } else {
            callback.onRefused(new Refusal(ErrorCode.NOT_ALLOWED, destination + " has no address"));
        }
    }

    private void findByName(
            EventLoop loop, String user, StreamKind kind, Destination.Name destination, Callback callback) {
        InetAddress literal = HostText.address(destination.host());
        if (literal != null) {
            filter(user, kind, null, destination, List.of(literal), callback);
            return;
        }
        String name;
        try {
            name = HostText.name(destination.host());
        } catch (IllegalArgumentException e) {
            callback.onRefused(new Refusal(ErrorCode.NAME_NOT_FOUND, String.valueOf(e.getMessage())));
            return;
        }
        resolver.resolve(user, name, loop, new Resolver.Answer() {
            @Override
            public void onAddresses(List<InetAddress> addresses) {
                filter(user, kind, name, destination, addresses, callback);
            }

            @Override
            public void onRefused(Refusal refusal) {
                callback.onRefused(refusal);
            }
        });
    }

    private void filter(
            String user,
            StreamKind kind,
            @Nullable String name,
            Destination destination,
            List<InetAddress> addresses,
            Callback callback) {
        List<InetAddress> allowed = new ArrayList<>();
        String firstRule = "";
        for (InetAddress address : addresses) {
            Verdict verdict = check.check(user, kind, name, address, destination.port());
            if (verdict.allowed()) {
                allowed.add(address);
            } else if (firstRule.isEmpty()) {
                firstRule = verdict.rule();
            }
        }
        if (allowed.isEmpty()) {
            callback.onRefused(new Refusal(ErrorCode.NOT_ALLOWED, firstRule));
        } else {
            callback.onFound(inTurn(allowed));
        }
    }

    /** The family of the first address first, as the resolver has sorted them by what this machine can reach (RFC 6724). */
    static List<InetAddress> inTurn(List<InetAddress> addresses) {
        boolean firstIs6 = addresses.get(0) instanceof Inet6Address;
        Queue<InetAddress> same = new ArrayDeque<>();
        Queue<InetAddress> other = new ArrayDeque<>();
        for (InetAddress each : addresses) {
            (each instanceof Inet6Address == firstIs6 ? same : other).add(each);
        }
        List<InetAddress> ordered = new ArrayList<>();
        while (ordered.size() < MAX_ADDRESSES && !(same.isEmpty() && other.isEmpty())) {
            Queue<InetAddress> next = other.isEmpty() || (!same.isEmpty() && ordered.size() % 2 == 0) ? same : other;
            ordered.add(next.remove());
        }
        return List.copyOf(ordered);
    }
}

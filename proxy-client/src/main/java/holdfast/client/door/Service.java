package holdfast.client.door;

import holdfast.client.opening.DoorPolicy;
import holdfast.protocol.Destination;

/** What a listener does with the connections it accepts. */
public sealed interface Service {
    DoorPolicy policy();

    /** The proxy: the first byte of a connection decides what its program speaks. */
    record Proxy(DoorPolicy policy) implements Service {
        @Override
        public String toString() {
            return "proxy";
        }
    }

    /** One destination for every connection, whose program speaks to it from the first byte on ({@code -L}). */
    record Forward(DoorPolicy policy, Destination to) implements Service {
        @Override
        public String toString() {
            return "forward to " + to;
        }
    }
}

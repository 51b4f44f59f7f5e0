package holdfast.client.config;

import holdfast.client.door.ListenAddress;
import holdfast.protocol.Destination;
import java.util.List;

/** A port that is always forwarded to one place, in the words of ssh's options {@code -L} and {@code -R}. */
public sealed interface ForwardSpec {
    /**
     * {@code -L [BIND:]PORT:HOST:HOSTPORT}: connections to the client's machine come out at the gateway.
     *
     * @param listen on this machine; localhost unless said otherwise
     * @param to from the gateway; names are resolved there
     */
    record Local(ListenAddress listen, Destination to) implements ForwardSpec {
        @Override
        public String toString() {
            return "-L " + listen + ":" + to;
        }
    }

    /**
     * {@code -R [BIND:]PORT:HOST:HOSTPORT}: connections to the gateway's machine come out here.
     *
     * @param listen an address or a path at the gateway; localhost unless said otherwise; port 0 is any free one
     * @param to from this machine
     */
    record Remote(Destination listen, Destination to) implements ForwardSpec {
        @Override
        public String toString() {
            return "-R " + listen + ":" + to;
        }
    }

    /**
     * {@code -R [BIND:]PORT}: a SOCKS proxy at the gateway whose connections come out here.
     *
     * @param listen as for {@link Remote}
     */
    record RemoteSocks(Destination listen) implements ForwardSpec {
        @Override
        public String toString() {
            return "-R " + listen;
        }
    }

    /**
     * Reads the value of {@code -L}: {@code [BIND:]PORT:HOST:HOSTPORT}, {@code [BIND:]PORT:/SOCKET}, {@code /SOCKET:HOST:HOSTPORT} or
     * {@code /SOCKET:/SOCKET}.
     *
     * @throws IllegalArgumentException that names the text and what is wrong with it
     */
    static Local local(String text) {
        List<String> fields = ForwardFields.of(text);
        int split = ForwardFields.split(text, fields, "[BIND:]PORT:HOST:HOSTPORT");
        return new Local(
                ForwardFields.listenHere(text, fields.subList(0, split)),
                ForwardFields.destination(text, fields.subList(split, fields.size())));
    }

    /**
     * Reads the value of {@code -R}: the forms of {@code -L}, or {@code [BIND:]PORT} alone for a SOCKS proxy at the gateway.
     *
     * @throws IllegalArgumentException that names the text and what is wrong with it
     */
    static ForwardSpec remote(String text) {
        List<String> fields = ForwardFields.of(text);
        boolean isAlone = fields.size() == 1 || (fields.size() == 2 && ForwardFields.isPort(fields.get(1)));
        if (isAlone && !ForwardFields.isPath(fields.get(0))) {
            return new RemoteSocks(ForwardFields.listenThere(text, fields));
        }
        int split = ForwardFields.split(text, fields, "[BIND:]PORT[:HOST:HOSTPORT]");
        return new Remote(
                ForwardFields.listenThere(text, fields.subList(0, split)),
                ForwardFields.destination(text, fields.subList(split, fields.size())));
    }
}

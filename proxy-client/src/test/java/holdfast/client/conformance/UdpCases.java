package holdfast.client.conformance;

import static holdfast.client.conformance.Association.ANYWHERE;
import static holdfast.client.conformance.Association.to4;
import static holdfast.client.conformance.Association.to6;
import static holdfast.client.conformance.Association.toName;
import static holdfast.client.conformance.SocksBytes.IP4_LOOPBACK;
import static holdfast.client.conformance.SocksBytes.IP6_LOOPBACK;
import static holdfast.client.conformance.SocksBytes.bytes;
import static holdfast.client.conformance.SocksBytes.request4;
import static holdfast.client.conformance.SocksBytes.requestName;
import static holdfast.client.conformance.SocksBytes.text;

import holdfast.client.conformance.SocksCase.Need;
import java.io.IOException;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** UDP ASSOCIATE and the header of its datagrams (RFC 1928 sections 4, 6 and 7). */
final class UdpCases {
    private static final int UDP_ASSOCIATE = 3;
    private static final byte[] OTHER_LOOPBACK = bytes(127, 0, 0, 9);

    private final List<SocksCase> cases = new ArrayList<>();

    /** A dialogue with an association. */
    private interface Talk {
        void play(Scene scene, Association association) throws IOException;
    }

    static List<SocksCase> all() {
        UdpCases table = new UdpCases();
        table.datagrams();
        table.headers();
        table.owners();
        table.ends();
        return table.cases;
    }

    private void datagrams() {
        any("a datagram to an IPv4 address comes back from there", (s, a) -> {
            byte[] datagram = to4(IP4_LOOPBACK, s.echoPort(), text("hi"));
            a.sends(datagram).hears(datagram);
        });
        own("a datagram to an IPv6 address comes back from there", (s, a) -> {
            byte[] datagram = to6(IP6_LOOPBACK, s.echoPort(), text("hi"));
            a.sends(datagram).hears(datagram);
        });
        any(
                "a datagram to a name comes back from its address",
                (s, a) -> a.sends(toName(text("localhost"), s.echoPort(), text("hi")))
                        .hears(to4(IP4_LOOPBACK, s.echoPort(), text("hi"))));
        own(
                "a name of 255 bytes reaches the gateway",
                (s, a) -> a.sends(toName(text(Scene.LONGEST_NAME), s.echoPort(), text("hi")))
                        .hears(to4(IP4_LOOPBACK, s.echoPort(), text("hi"))));
        for (int length : new int[] {0, 1, 512, 1472, 9000, 16_000}) {
            any("a datagram of " + length + " bytes comes back whole", (s, a) -> {
                byte[] payload = new byte[length];
                Arrays.fill(payload, (byte) length);
                byte[] datagram = to4(IP4_LOOPBACK, s.echoPort(), payload);
                a.sends(datagram).hears(datagram);
            });
        }
    }

    private void headers() {
        for (int fragment : new int[] {1, 2, 127, 128, 129, 255}) {
            any("fragment " + fragment + " is dropped", (s, a) -> {
                byte[] datagram = to4(IP4_LOOPBACK, s.echoPort(), text("part"));
                datagram[2] = (byte) fragment;
                a.hearsNothingOf(s, datagram);
            });
        }
        for (int type : new int[] {0, 2, 5, 255}) {
            any("a datagram to an address of type " + type + " is dropped", (s, a) -> {
                byte[] datagram = to4(IP4_LOOPBACK, s.echoPort(), text("lost"));
                datagram[3] = (byte) type;
                a.hearsNothingOf(s, datagram);
            });
        }
        byte[] whole4 = to4(IP4_LOOPBACK, 9, bytes());
        byte[] whole6 = to6(IP6_LOOPBACK, 9, bytes());
        byte[] wholeName = toName(text("localhost"), 9, bytes());
        for (byte[] whole : List.of(whole4, whole6, wholeName)) {
            any("a header to type " + whole[3] + " that ends too early is dropped, wherever it ends", (s, a) -> {
                byte[][] parts = new byte[whole.length][];
                for (int length = 0; length < whole.length; length++) {
                    parts[length] = Arrays.copyOf(whole, length);
                }
                a.hearsNothingOf(s, parts);
            });
        }
        own("the reserved bytes are not looked at", (s, a) -> {
            byte[] datagram = to4(IP4_LOOPBACK, s.echoPort(), text("hi"));
            byte[] marked = datagram.clone();
            marked[0] = 1;
            marked[1] = (byte) 255;
            a.sends(marked).hears(datagram);
        });
        own(
                "names that cannot be one are dropped",
                (s, a) -> a.hearsNothingOf(
                        s,
                        toName(bytes(), s.echoPort(), text("none")),
                        toName(text("a\0b"), s.echoPort(), text("NUL")),
                        toName(bytes(0xc3, 0x28), s.echoPort(), text("not UTF-8"))));
    }

    private void owners() {
        any("datagrams from another port than the program's first are dropped", (s, a) -> {
            byte[] first = to4(IP4_LOOPBACK, s.echoPort(), text("first"));
            a.sends(first).hears(first);
            try (DatagramSocket other = Association.socketAt(IP4_LOOPBACK)) {
                a.sendsFrom(other, to4(IP4_LOOPBACK, s.echoPort(), text("stranger")));
            }
            a.hearsNothingOf(s);
        });
        own("datagrams from another address than the program's are dropped", (s, a) -> {
            try (DatagramSocket other = Association.socketAt(OTHER_LOOPBACK)) {
                a.sendsFrom(other, to4(IP4_LOOPBACK, s.echoPort(), text("stranger")));
            }
            a.hearsNothingOf(s);
        });
        announced("only the announced port may send", IP4_LOOPBACK);
        announced("only the announced address may send", OTHER_LOOPBACK);
        cases.add(new SocksCase("UDP: a name in the request announces nothing", Need.OUR_GATEWAY, s -> {
            DatagramSocket socket = Association.socketAt(IP4_LOOPBACK);
            byte[] request = requestName(UDP_ASSOCIATE, text("who.test"), 0);
            try (Association association = Association.open(s, request, socket)) {
                association.hearsNothingOf(s);
            }
        }));
    }

    private void announced(String name, byte[] address) {
        cases.add(new SocksCase("UDP: " + name, Need.OUR_GATEWAY, s -> {
            DatagramSocket socket = Association.socketAt(address);
            byte[] request = request4(UDP_ASSOCIATE, socket.getLocalAddress().getAddress(), socket.getLocalPort());
            try (Association association = Association.open(s, request, socket);
                    DatagramSocket other = Association.socketAt(IP4_LOOPBACK)) {
                association.sendsFrom(other, to4(IP4_LOOPBACK, s.echoPort(), text("stranger")));
                association.hearsNothingOf(s);
            }
        }));
    }

    private void ends() {
        any("each association has a port of its own", (s, a) -> {
            try (Association other = Association.open(s)) {
                if (other.relay().equals(a.relay())) {
                    throw new AssertionError("both have " + a.relay());
                }
            }
        });
        any("the port is closed when the TCP connection ends", (s, a) -> {
            a.hearsNothingOf(s);
            a.control().close();
            a.endsSoon();
        });
        own("the port is closed when the program ends its half", (s, a) -> {
            a.control().endsItsHalf();
            a.endsSoon();
        });
        own("the port is closed when the TCP connection is reset", (s, a) -> {
            a.control().vanishes();
            a.endsSoon();
        });
        own("what the program says on the TCP connection is ignored", (s, a) -> {
            a.control().says("what was that?");
            a.hearsNothingOf(s);
        });
        cases.add(new SocksCase(
                "UDP: a program that ends before the reply leaves nothing behind",
                Need.OUR_GATEWAY,
                s -> s.greeted().says(request4(UDP_ASSOCIATE, ANYWHERE, 0)).vanishes()));
    }

    private void any(String name, Talk talk) {
        add(name, Need.OPEN_SERVER, talk);
    }

    private void own(String name, Talk talk) {
        add(name, Need.OUR_GATEWAY, talk);
    }

    private void add(String name, Need need, Talk talk) {
        cases.add(new SocksCase("UDP: " + name, need, s -> {
            try (Association association = Association.open(s)) {
                talk.play(s, association);
            }
        }));
    }
}

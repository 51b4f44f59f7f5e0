package holdfast.client.conformance;

import static holdfast.client.conformance.SocksBytes.IP4_LOOPBACK;
import static holdfast.client.conformance.SocksBytes.IP6_LOOPBACK;
import static holdfast.client.conformance.SocksBytes.bytes;
import static holdfast.client.conformance.SocksBytes.join;
import static holdfast.client.conformance.SocksBytes.request4;
import static holdfast.client.conformance.SocksBytes.request6;
import static holdfast.client.conformance.SocksBytes.requestName;
import static holdfast.client.conformance.SocksBytes.socks4;
import static holdfast.client.conformance.SocksBytes.socks4a;
import static holdfast.client.conformance.SocksBytes.text;

import holdfast.client.conformance.SocksCase.Need;
import holdfast.client.conformance.SocksCase.Script;
import holdfast.client.fixture.Program;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** BIND against servers that listen for real: the peers are sockets of this machine that connect to where the first reply says. */
final class LiveBindCases {
    private static final int BIND = 2;
    private static final int PEER_PORT = 20;
    private static final byte[] STRANGER = bytes(127, 0, 0, 9);

    private final List<SocksCase> cases = new ArrayList<>();

    static List<SocksCase> all() {
        LiveBindCases table = new LiveBindCases();
        table.whoIsExpected();
        table.bytesBothWays();
        table.ends();
        table.ofSocks4();
        return table.cases;
    }

    private void whoIsExpected() {
        live(
                "SOCKS5: the peer that was named by its address is told of, and bytes go both ways",
                s -> meets(BoundPort.open(s, request4(BIND, IP4_LOOPBACK, PEER_PORT)), IP4_LOOPBACK));
        live(
                "SOCKS5: a peer may be named by its IPv6 address",
                s -> meets(BoundPort.open(s, request6(BIND, IP6_LOOPBACK, PEER_PORT)), IP6_LOOPBACK));
        live(
                "SOCKS5: a peer may be named by its name",
                s -> meets(BoundPort.open(s, requestName(BIND, text("localhost"), PEER_PORT)), IP4_LOOPBACK));
        live(
                "SOCKS5: 0.0.0.0 is any peer",
                s -> meets(BoundPort.open(s, request4(BIND, bytes(0, 0, 0, 0), 0)), IP4_LOOPBACK));
        live("SOCKS5: a request in single bytes is one, too", s -> {
            Program program = s.greeted().saysByteByByte(request4(BIND, IP4_LOOPBACK, PEER_PORT));
            meets(BoundPort.of5(s, program), IP4_LOOPBACK);
        });
        live("SOCKS5: each request gets a port of its own", s -> {
            try (BoundPort one = BoundPort.open(s, request4(BIND, IP4_LOOPBACK, PEER_PORT));
                    BoundPort other = BoundPort.open(s, request4(BIND, IP4_LOOPBACK, PEER_PORT))) {
                if (one.port() == other.port()) {
                    throw new AssertionError("both have port " + one.port());
                }
            }
        });
        live("SOCKS5: somebody else who connects is turned away, and the peer still gets through", s -> {
            try (BoundPort port = BoundPort.open(s, request4(BIND, IP4_LOOPBACK, PEER_PORT))) {
                port.turnsAway(STRANGER);
                port.greets(port.peer(IP4_LOOPBACK));
            }
        });
    }

    private void bytesBothWays() {
        live("SOCKS5: a peer that speaks first is heard behind the second reply", s -> {
            try (BoundPort port = BoundPort.open(s, request4(BIND, IP4_LOOPBACK, PEER_PORT));
                    Program peer = port.peer(IP4_LOOPBACK)) {
                peer.says("220 hello");
                port.hearsOf(peer).hears("220 hello");
            }
        });
        live("SOCKS5: what comes with the request reaches the peer", s -> {
            byte[] request = join(request4(BIND, IP4_LOOPBACK, PEER_PORT), text("early"));
            try (BoundPort port = BoundPort.open(s, request);
                    Program peer = port.peer(IP4_LOOPBACK)) {
                port.hearsOf(peer);
                peer.hears("early");
            }
        });
        live("SOCKS5: a peer that has ended its half still hears the program", s -> {
            try (BoundPort port = BoundPort.open(s, request4(BIND, IP4_LOOPBACK, PEER_PORT));
                    Program peer = port.peer(IP4_LOOPBACK)) {
                peer.says("file").endsItsHalf();
                port.hearsOf(peer).hears("file").hearsTheEnd().says("thanks");
                peer.hears("thanks");
            }
        });
        live("SOCKS5: a program that has ended its half still hears the peer", s -> {
            try (BoundPort port = BoundPort.open(s, request4(BIND, IP4_LOOPBACK, PEER_PORT));
                    Program peer = port.peer(IP4_LOOPBACK)) {
                port.hearsOf(peer).says("file").endsItsHalf();
                peer.hears("file").hearsTheEnd().says("thanks");
                port.program().hears("thanks");
            }
        });
    }

    private void ends() {
        live("SOCKS5: after the peer nobody else gets in", s -> {
            try (BoundPort port = BoundPort.open(s, request4(BIND, IP4_LOOPBACK, PEER_PORT));
                    Program peer = port.peer(IP4_LOOPBACK)) {
                port.hearsOf(peer);
                port.closesSoon();
            }
        });
        live("SOCKS5: the port is closed when the program ends before a peer comes", s -> {
            try (BoundPort port = BoundPort.open(s, request4(BIND, IP4_LOOPBACK, PEER_PORT))) {
                port.program().close();
                port.closesSoon();
            }
        });
        live("SOCKS5: the port is closed when the program is gone", s -> {
            try (BoundPort port = BoundPort.open(s, request4(BIND, IP4_LOOPBACK, PEER_PORT))) {
                port.program().vanishes();
                port.closesSoon();
            }
        });
        live("SOCKS5: a peer that resets its connection breaks the program's", s -> {
            try (BoundPort port = BoundPort.open(s, request4(BIND, IP4_LOOPBACK, PEER_PORT))) {
                Program peer = port.peer(IP4_LOOPBACK);
                port.hearsOf(peer);
                peer.vanishes();
                port.program().hearsAReset();
            }
        });
    }

    private void ofSocks4() {
        live("SOCKS4: the peer is told of, and bytes go both ways", s -> {
            Program program = s.connect().says(socks4(BIND, IP4_LOOPBACK, PEER_PORT, "me"));
            meets(BoundPort.of4(s, program), IP4_LOOPBACK);
        });
        live("SOCKS4a: a peer may be named by its name", s -> {
            Program program = s.connect().says(socks4a(BIND, text("localhost"), PEER_PORT, ""));
            meets(BoundPort.of4(s, program), IP4_LOOPBACK);
        });
        live("SOCKS4: the port is closed when the program ends before a peer comes", s -> {
            Program program = s.connect().says(socks4(BIND, IP4_LOOPBACK, PEER_PORT, "me"));
            try (BoundPort port = BoundPort.of4(s, program)) {
                program.close();
                port.closesSoon();
            }
        });
    }

    private static void meets(BoundPort bound, byte[] from) throws IOException {
        try (bound) {
            bound.greets(bound.peer(from));
        }
    }

    private void live(String name, Script script) {
        cases.add(new SocksCase("live BIND: " + name, Need.LISTENING_SERVER, script));
    }
}

package holdfast.client.conformance;

import static holdfast.client.conformance.Dialogue.echoes;
import static holdfast.client.conformance.Dialogue.hearsReply;
import static holdfast.client.conformance.Dialogue.hearsReply4;
import static holdfast.client.conformance.Dialogue.isRefused;
import static holdfast.client.conformance.SocksBytes.IP4_LOOPBACK;
import static holdfast.client.conformance.SocksBytes.join;
import static holdfast.client.conformance.SocksBytes.request4;
import static holdfast.client.conformance.SocksBytes.requestName;
import static holdfast.client.conformance.SocksBytes.socks4;
import static holdfast.client.conformance.SocksBytes.socks4a;
import static holdfast.client.conformance.SocksBytes.text;

import holdfast.client.conformance.SocksCase.Need;
import holdfast.client.conformance.SocksCase.Script;
import holdfast.client.fixture.Program;
import java.util.ArrayList;
import java.util.List;

/** BIND of SOCKS5 and SOCKS4: two replies, and then whoever has connected. The peers are those of our gateway in memory. */
final class BindCases {
    static final String PEER = "192.0.2.77:20";

    /** Its connection is there before the gateway has said that it listens. */
    static final String EARLY = "early.test";

    /** Its connection speaks first. */
    static final String GREETING = "greeting.test";

    /** Never connects, and at last the gateway listens no more. */
    static final String LATE = "late.test";

    /** The gateway may not listen for it. */
    static final String CLOSED = "closed.test";

    private static final int BIND = 2;
    private static final int[] BOUND_REPLY = {5, 0, 0, 1, 192, 0, 2, 10, 40001 >> 8, 40001 & 0xff};
    private static final int[] PEER_REPLY = {5, 0, 0, 1, 192, 0, 2, 77, 0, 20};
    private static final int[] BOUND_REPLY4 = {0, 90, 40001 >> 8, 40001 & 0xff, 192, 0, 2, 10};
    private static final int[] PEER_REPLY4 = {0, 90, 0, 20, 192, 0, 2, 77};

    private final List<SocksCase> cases = new ArrayList<>();

    static List<SocksCase> all() {
        BindCases table = new BindCases();
        table.ofSocks5();
        table.ofSocks4();
        return table.cases;
    }

    private void ofSocks5() {
        own("SOCKS5: the first reply tells where, the second who, then bytes go both ways", s -> {
            Program program = s.greeted().says(request4(BIND, IP4_LOOPBACK, s.echoPort()));
            echoes(program.hears(BOUND_REPLY).hears(PEER_REPLY), "over the hills and far away");
        });
        own("SOCKS5: a connection that comes before the listener is told waits for the first reply", s -> {
            Program program = s.greeted().says(requestName(BIND, text(EARLY), s.echoPort()));
            echoes(program.hears(BOUND_REPLY).hears(PEER_REPLY), "over the hills");
        });
        own("SOCKS5: a peer that speaks first is heard behind the second reply", s -> {
            Program program = s.greeted().says(requestName(BIND, text(GREETING), s.echoPort()));
            program.hears(BOUND_REPLY).hears(PEER_REPLY).hears("220 hello").close();
        });
        own("SOCKS5: what comes with the request reaches the peer", s -> {
            Program program = s.greeted().says(join(request4(BIND, IP4_LOOPBACK, s.echoPort()), text("early")));
            echoes(program.hears(BOUND_REPLY).hears(PEER_REPLY).hears("early"), "and more");
        });
        own("SOCKS5: a peer that does not come in time is told in the second reply", s -> {
            Program program = s.greeted().says(requestName(BIND, text(LATE), s.echoPort()));
            isRefused(hearsReply(program, 0), 6);
        });
        own(
                "SOCKS5: a gateway that may not listen is told in the first reply",
                s -> isRefused(s.greeted().says(requestName(BIND, text(CLOSED), s.echoPort())), 2));
    }

    private void ofSocks4() {
        own("SOCKS4: the first reply tells where, the second who, then bytes go both ways", s -> {
            Program program = s.connect().says(socks4(BIND, IP4_LOOPBACK, s.echoPort(), "me"));
            echoes(program.hears(BOUND_REPLY4).hears(PEER_REPLY4), "over the hills and far away");
        });
        own("SOCKS4a: a peer is known by its name", s -> {
            Program program = s.connect().says(socks4a(BIND, text(EARLY), s.echoPort(), ""));
            echoes(program.hears(BOUND_REPLY4).hears(PEER_REPLY4), "over the hills");
        });
        own("SOCKS4: a peer that does not come in time is told in the second reply", s -> {
            Program program = s.connect().says(socks4a(BIND, text(LATE), s.echoPort(), ""));
            hearsReply4(hearsReply4(program, 90), 91).hearsTheEnd().close();
        });
        own("SOCKS4: a gateway that may not listen is told in the first reply", s -> {
            Program program = s.connect().says(socks4a(BIND, text(CLOSED), s.echoPort(), ""));
            hearsReply4(program, 91).hearsTheEnd().close();
        });
    }

    private void own(String name, Script script) {
        cases.add(new SocksCase("BIND: " + name, Need.OUR_GATEWAY, script));
    }
}

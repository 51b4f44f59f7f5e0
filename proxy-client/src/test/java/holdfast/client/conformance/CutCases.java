package holdfast.client.conformance;

import static holdfast.client.conformance.Dialogue.echoes;
import static holdfast.client.conformance.Dialogue.hearsReply;
import static holdfast.client.conformance.Dialogue.hearsReply4;
import static holdfast.client.conformance.SocksBytes.IP4_LOOPBACK;
import static holdfast.client.conformance.SocksBytes.IP6_LOOPBACK;
import static holdfast.client.conformance.SocksBytes.NO_LOGIN_GREETING;
import static holdfast.client.conformance.SocksBytes.join;
import static holdfast.client.conformance.SocksBytes.request4;
import static holdfast.client.conformance.SocksBytes.request6;
import static holdfast.client.conformance.SocksBytes.requestName;
import static holdfast.client.conformance.SocksBytes.socks4;
import static holdfast.client.conformance.SocksBytes.socks4a;
import static holdfast.client.conformance.SocksBytes.text;

import holdfast.client.conformance.SocksCase.Need;
import holdfast.client.fixture.Program;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** TCP may cut anywhere: greeting, request and first data come in two pieces, cut at every place, and are served all the same. */
final class CutCases {
    private static final int CONNECT = 1;
    private static final int GRANTED = 90;
    private static final String DATA = "data";
    /** Length of a whole dialogue, whatever the port; what is sent is made when it is known. */
    private static final int ANY_PORT = 9;

    private final List<SocksCase> cases = new ArrayList<>();

    private interface Bytes {
        byte[] with(int port);
    }

    static List<SocksCase> all() {
        CutCases table = new CutCases();
        table.version5("an IPv4 address", port -> request4(CONNECT, IP4_LOOPBACK, port));
        table.version5("an IPv6 address", port -> request6(CONNECT, IP6_LOOPBACK, port));
        table.version5("a name", port -> requestName(CONNECT, text("localhost"), port));
        table.version4("an address", port -> socks4(CONNECT, IP4_LOOPBACK, port, "me"));
        table.version4("a name", port -> socks4a(CONNECT, text("localhost"), port, "me"));
        return table.cases;
    }

    private void version5(String what, Bytes request) {
        Bytes whole = port -> join(NO_LOGIN_GREETING, request.with(port), text(DATA));
        for (int cut = 1; cut < whole.with(ANY_PORT).length; cut++) {
            add("SOCKS5", what, whole, cut, program -> hearsReply(program.hears(5, 0), 0));
        }
    }

    private void version4(String what, Bytes request) {
        Bytes whole = port -> join(request.with(port), text(DATA));
        for (int cut = 1; cut < whole.with(ANY_PORT).length; cut++) {
            add("SOCKS4", what, whole, cut, program -> hearsReply4(program, GRANTED));
        }
    }

    private interface Answer {
        Program heardBy(Program program) throws IOException;
    }

    private void add(String version, String what, Bytes bytes, int cut, Answer answer) {
        int length = bytes.with(ANY_PORT).length;
        String name = version + ": " + what + " is reached, cut after " + cut + " of " + length + " bytes";
        cases.add(new SocksCase(name, Need.OPEN_SERVER, scene -> {
            byte[] whole = bytes.with(scene.echoPort());
            Program program = scene.connect().says(Arrays.copyOf(whole, cut));
            // Without Nagle's algorithm each write is a segment; the server has read the first when it is heard of, or
            // soon.
            program.says(Arrays.copyOfRange(whole, cut, length));
            echoes(answer.heardBy(program).hears(DATA), "and more");
        }));
    }
}

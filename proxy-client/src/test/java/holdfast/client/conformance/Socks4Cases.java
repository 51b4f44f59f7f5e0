package holdfast.client.conformance;

import static holdfast.client.conformance.Dialogue.echoes;
import static holdfast.client.conformance.Dialogue.hearsReply4;
import static holdfast.client.conformance.SocksBytes.IP4_LOOPBACK;
import static holdfast.client.conformance.SocksBytes.bytes;
import static holdfast.client.conformance.SocksBytes.join;
import static holdfast.client.conformance.SocksBytes.socks4;
import static holdfast.client.conformance.SocksBytes.socks4a;
import static holdfast.client.conformance.SocksBytes.text;

import holdfast.client.conformance.SocksCase.Need;
import holdfast.client.conformance.SocksCase.Script;
import holdfast.client.fixture.Program;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** SOCKS4 and SOCKS4a. */
final class Socks4Cases {
    private static final int CONNECT = 1;
    private static final int GRANTED = 90;
    private static final int REJECTED = 91;

    private final List<SocksCase> cases = new ArrayList<>();

    static List<SocksCase> all() {
        Socks4Cases table = new Socks4Cases();
        table.addresses();
        table.names();
        table.timing();
        table.wrongRequests();
        table.truncated();
        return table.cases;
    }

    private void addresses() {
        any(
                "an address is reached without a user id",
                s -> isConnected(s.connect().says(socks4(CONNECT, IP4_LOOPBACK, s.echoPort(), ""))));
        any(
                "an address is reached with a user id",
                s -> isConnected(s.connect().says(socks4(CONNECT, IP4_LOOPBACK, s.echoPort(), "alice"))));
        any(
                "a user id of 255 bytes is taken",
                s -> isConnected(s.connect().says(socks4(CONNECT, IP4_LOOPBACK, s.echoPort(), "u".repeat(255)))));
        own("a user id may be any bytes but NUL", s -> {
            byte[] request = socks4(CONNECT, IP4_LOOPBACK, s.echoPort(), "??");
            request[8] = (byte) 0xff;
            request[9] = '\n';
            isConnected(s.connect().says(request));
        });
        own(
                "0.0.0.0 is an address, not the mark of a name",
                s -> isConnected(s.connect().says(socks4(CONNECT, bytes(0, 0, 0, 0), s.echoPort(), ""))));
        own(
                "0.0.1.0 is an address, not the mark of a name",
                s -> isConnected(s.connect().says(socks4(CONNECT, bytes(0, 0, 1, 0), s.echoPort(), ""))));
    }

    private void names() {
        any(
                "a name is reached",
                s -> isConnected(s.connect().says(socks4a(CONNECT, text("localhost"), s.echoPort(), ""))));
        any(
                "a name is reached with a user id",
                s -> isConnected(s.connect().says(socks4a(CONNECT, text("localhost"), s.echoPort(), "alice"))));
        any("a name is marked by any last byte", s -> {
            byte[] request = join(socks4(CONNECT, bytes(0, 0, 0, 255), s.echoPort(), ""), text("localhost\0"));
            isConnected(s.connect().says(request));
        });
        any(
                "an address in the place of a name is reached",
                s -> isConnected(s.connect().says(socks4a(CONNECT, text("127.0.0.1"), s.echoPort(), ""))));
        own(
                "an IPv6 address in the place of a name is reached",
                s -> isConnected(s.connect().says(socks4a(CONNECT, text("::1"), s.echoPort(), ""))));
        own(
                "a name of 255 bytes is reached",
                s -> isConnected(s.connect().says(socks4a(CONNECT, text(Scene.LONGEST_NAME), s.echoPort(), ""))));
        own(
                "a user id and a name of 255 bytes together are taken",
                s -> isConnected(
                        s.connect().says(socks4a(CONNECT, text(Scene.LONGEST_NAME), s.echoPort(), "u".repeat(255)))));
    }

    private void timing() {
        any(
                "a request may come byte by byte",
                s -> isConnected(s.connect().saysByteByByte(socks4(CONNECT, IP4_LOOPBACK, s.echoPort(), "alice"))));
        any(
                "a request with a name may come byte by byte",
                s -> isConnected(
                        s.connect().saysByteByByte(socks4a(CONNECT, text("localhost"), s.echoPort(), "alice"))));
        own(
                "a name of 255 bytes may come byte by byte",
                s -> isConnected(
                        s.connect().saysByteByByte(socks4a(CONNECT, text(Scene.LONGEST_NAME), s.echoPort(), "u"))));
        any("what comes with the request reaches the destination", s -> {
            Program program =
                    s.connect().says(join(socks4(CONNECT, IP4_LOOPBACK, s.echoPort(), "a"), text("early\0bytes")));
            echoes(hearsReply4(program, GRANTED).hears("early\0bytes"), "and more");
        });
        any("what comes behind a name reaches the destination", s -> {
            Program program = s.connect()
                    .says(join(socks4a(CONNECT, text("localhost"), s.echoPort(), "a"), text("early\0bytes")));
            echoes(hearsReply4(program, GRANTED).hears("early\0bytes"), "and more");
        });
    }

    private void wrongRequests() {
        any(
                "a refused connection is rejected",
                s -> isRejected(s.connect().says(socks4(CONNECT, IP4_LOOPBACK, s.refusedPort(), ""))));
        for (int command : new int[] {0, 3, 9, 255}) {
            any(
                    "command " + command + " is rejected",
                    s -> isRejected(s.connect().says(socks4(command, IP4_LOOPBACK, s.echoPort(), ""))));
        }
        own(
                "a user id of 256 bytes is rejected",
                s -> isRejected(s.connect().says(socks4(CONNECT, IP4_LOOPBACK, s.echoPort(), "u".repeat(256)))));
        own(
                "a user id without an end is rejected as soon as it is too long",
                s -> isRejected(s.connect().says(join(bytes(4, CONNECT, 0, 80), IP4_LOOPBACK, text("u".repeat(256))))));
        own(
                "a name of 256 bytes is rejected",
                s -> isRejected(s.connect().says(socks4a(CONNECT, text("n".repeat(256)), s.echoPort(), ""))));
        own(
                "a name without an end is rejected as soon as it is too long",
                s -> isRejected(s.connect()
                        .says(join(socks4(CONNECT, bytes(0, 0, 0, 1), 80, ""), text("n".repeat(256))))));
        own(
                "an empty name is rejected",
                s -> isRejected(s.connect().says(socks4a(CONNECT, bytes(), s.echoPort(), ""))));
        own(
                "a name with a line break is rejected",
                s -> isRejected(s.connect().says(socks4a(CONNECT, text("a\r\nb"), 80, ""))));
        own(
                "a name that is not UTF-8 is rejected",
                s -> isRejected(s.connect().says(socks4a(CONNECT, bytes(0xff, 0xfe), 80, ""))));
        for (String fault : ReplyCases.FAULTS) {
            own(
                    "a connection that fails with " + fault + " is rejected",
                    s -> isRejected(
                            s.connect().says(socks4a(CONNECT, text(ReplyCases.host(fault)), s.echoPort(), ""))));
        }
    }

    private void truncated() {
        byte[] whole = socks4a(CONNECT, text("name"), 9, "me");
        for (int length = 1; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            any(
                    "a program that ends after " + length + " of " + whole.length + " bytes is let go",
                    s -> s.connect().says(part).endsItsHalf().hearsNoMore().close());
        }
    }

    private void any(String name, Script script) {
        cases.add(new SocksCase("SOCKS4: " + name, Need.OPEN_SERVER, script));
    }

    private void own(String name, Script script) {
        cases.add(new SocksCase("SOCKS4: " + name, Need.OUR_GATEWAY, script));
    }

    private static void isConnected(Program program) throws IOException {
        echoes(hearsReply4(program, GRANTED), "over the hills and far away");
    }

    private static void isRejected(Program program) throws IOException {
        hearsReply4(program, REJECTED).hearsTheEnd().close();
    }
}

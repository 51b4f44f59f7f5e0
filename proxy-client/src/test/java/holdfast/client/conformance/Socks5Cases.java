package holdfast.client.conformance;

import static holdfast.client.conformance.Dialogue.echoes;
import static holdfast.client.conformance.Dialogue.hearsReply;
import static holdfast.client.conformance.Dialogue.isConnected;
import static holdfast.client.conformance.Dialogue.isRefused;
import static holdfast.client.conformance.SocksBytes.IP4_LOOPBACK;
import static holdfast.client.conformance.SocksBytes.IP4_LOOPBACK_IN_IP6;
import static holdfast.client.conformance.SocksBytes.IP6_LOOPBACK;
import static holdfast.client.conformance.SocksBytes.NO_LOGIN_GREETING;
import static holdfast.client.conformance.SocksBytes.bytes;
import static holdfast.client.conformance.SocksBytes.join;
import static holdfast.client.conformance.SocksBytes.request4;
import static holdfast.client.conformance.SocksBytes.request6;
import static holdfast.client.conformance.SocksBytes.requestName;
import static holdfast.client.conformance.SocksBytes.text;

import holdfast.client.conformance.SocksCase.Need;
import holdfast.client.conformance.SocksCase.Script;
import holdfast.client.fixture.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** SOCKS5 without a password: greeting, request, reply (RFC 1928). */
final class Socks5Cases {
    private static final int CONNECT = 1;
    private static final String EARLY = "said before the reply";

    private final List<SocksCase> cases = new ArrayList<>();

    static List<SocksCase> all() {
        Socks5Cases table = new Socks5Cases();
        table.greetings();
        table.addresses();
        table.timing();
        table.wrongRequests();
        table.truncated();
        return table.cases;
    }

    private void greetings() {
        any(
                "no login is chosen when it is the only method",
                s -> s.connect().says(5, 1, 0).hears(5, 0).close());
        any(
                "no login is chosen when it comes last",
                s -> s.connect().says(5, 3, 2, 1, 0).hears(5, 0).close());
        any(
                "no login is chosen among 255 methods",
                s -> s.connect().says(greetingWith255Methods()).hears(5, 0).close());
        any(
                "an offer of no method is refused",
                s -> s.connect().says(5, 0).hears(5, 255).hearsNoMore().close());
        any(
                "an offer of GSSAPI alone is refused",
                s -> s.connect().says(5, 1, 1).hears(5, 255).hearsNoMore().close());
        any(
                "an offer of private methods alone is refused",
                s -> s.connect()
                        .says(5, 2, 0x80, 0xfe)
                        .hears(5, 255)
                        .hearsNoMore()
                        .close());
        any(
                "an offer of 255, which means none, is refused",
                s -> s.connect().says(5, 1, 0xff).hears(5, 255).hearsNoMore().close());
        any(
                "a greeting may come byte by byte",
                s -> s.connect().saysByteByByte(bytes(5, 2, 1, 0)).hears(5, 0).close());
    }

    private void addresses() {
        any(
                "an IPv4 address is reached",
                s -> isConnected(s.greeted().says(request4(CONNECT, IP4_LOOPBACK, s.echoPort()))));
        any(
                "an IPv6 address is reached",
                s -> isConnected(s.greeted().says(request6(CONNECT, IP6_LOOPBACK, s.echoPort()))));
        any(
                "an IPv4 address written as IPv6 is reached",
                s -> isConnected(s.greeted().says(request6(CONNECT, IP4_LOOPBACK_IN_IP6, s.echoPort()))));
        any(
                "a name is reached",
                s -> isConnected(s.greeted().says(requestName(CONNECT, text("localhost"), s.echoPort()))));
        any(
                "a name in capitals is reached",
                s -> isConnected(s.greeted().says(requestName(CONNECT, text("LocalHost"), s.echoPort()))));
        any(
                "an IPv4 address in the place of a name is reached",
                s -> isConnected(s.greeted().says(requestName(CONNECT, text("127.0.0.1"), s.echoPort()))));
        any(
                "an IPv6 address in the place of a name is reached",
                s -> isConnected(s.greeted().says(requestName(CONNECT, text("::1"), s.echoPort()))));
        own(
                "an IPv6 address in brackets in the place of a name is reached",
                s -> isConnected(s.greeted().says(requestName(CONNECT, text("[::1]"), s.echoPort()))));
        own(
                "a name of one byte is reached",
                s -> isConnected(s.greeted().says(requestName(CONNECT, text("x"), s.echoPort()))));
        own(
                "a name of 255 bytes is reached",
                s -> isConnected(s.greeted().says(requestName(CONNECT, text(Scene.LONGEST_NAME), s.echoPort()))));
        own(
                "a label of 255 bytes is the gateway's business",
                s -> isConnected(s.greeted().says(requestName(CONNECT, text(Scene.LONGEST_LABEL), s.echoPort()))));
        own(
                "a name in UTF-8 is carried as it is",
                s -> isConnected(s.greeted().says(requestName(CONNECT, text(Scene.FOREIGN_NAME), s.echoPort()))));
        own(
                "a name with a final dot is carried as it is",
                s -> isConnected(s.greeted().says(requestName(CONNECT, text("rooted.test."), s.echoPort()))));
        own(
                "a name with an underscore is reached",
                s -> isConnected(s.greeted().says(requestName(CONNECT, text("under_score.test"), s.echoPort()))));
        own(
                "port 65535 is reached",
                s -> isConnected(s.greeted().says(requestName(CONNECT, text("ports.test"), 65535))));
        own("port 1 is reached", s -> isConnected(s.greeted().says(requestName(CONNECT, text("ports.test"), 1))));
        own(
                "port 0 is the gateway's business",
                s -> isConnected(s.greeted().says(requestName(CONNECT, text("ports.test"), 0))));
    }

    private void timing() {
        any(
                "a request may come byte by byte",
                s -> isConnected(s.greeted().saysByteByByte(request4(CONNECT, IP4_LOOPBACK, s.echoPort()))));
        any(
                "a name may come byte by byte",
                s -> isConnected(s.greeted().saysByteByByte(requestName(CONNECT, text("localhost"), s.echoPort()))));
        own(
                "a name of 255 bytes may come byte by byte",
                s -> isConnected(
                        s.greeted().saysByteByByte(requestName(CONNECT, text(Scene.LONGEST_NAME), s.echoPort()))));
        any("greeting and request may come at once", s -> {
            Program program = s.connect().says(join(NO_LOGIN_GREETING, request4(CONNECT, IP4_LOOPBACK, s.echoPort())));
            isConnected(program.hears(5, 0));
        });
        any("everything may come byte by byte without waiting", s -> {
            byte[] all = join(NO_LOGIN_GREETING, request6(CONNECT, IP6_LOOPBACK, s.echoPort()), text(EARLY));
            hearsReply(s.connect().saysByteByByte(all).hears(5, 0), 0)
                    .hears(EARLY)
                    .close();
        });
        any("what comes with the request reaches the destination", s -> {
            Program program = s.greeted().says(join(request4(CONNECT, IP4_LOOPBACK, s.echoPort()), text(EARLY)));
            echoes(hearsReply(program, 0).hears(EARLY), "and more");
        });
        any("what comes behind the request, before the reply, reaches the destination", s -> {
            Program program = s.greeted()
                    .says(requestName(CONNECT, text("localhost"), s.echoPort()))
                    .says(EARLY);
            echoes(hearsReply(program, 0).hears(EARLY), "and more");
        });
        any("greeting, request and data may come at once", s -> {
            byte[] all = join(NO_LOGIN_GREETING, requestName(CONNECT, text("localhost"), s.echoPort()), text(EARLY));
            echoes(hearsReply(s.connect().says(all).hears(5, 0), 0).hears(EARLY), "and more");
        });
        any("100000 bytes before the reply reach the destination in order", s -> {
            String much = "0123456789".repeat(10_000);
            Program program = s.greeted().says(join(request4(CONNECT, IP4_LOOPBACK, s.echoPort()), text(much)));
            echoes(hearsReply(program, 0).hears(much), "and more");
        });
        any("a program that ended its half before the reply hears the answer", s -> {
            Program program = s.greeted()
                    .says(join(request4(CONNECT, IP4_LOOPBACK, s.echoPort()), text(EARLY)))
                    .endsItsHalf();
            hearsReply(program, 0).hears(EARLY).hearsTheEnd().close();
        });
        any("an early refusal is heard although data came early", s -> {
            byte[] request = request4(CONNECT, IP4_LOOPBACK, s.refusedPort());
            isRefused(s.greeted().says(join(request, text("x".repeat(50_000)))), 5);
        });
    }

    private void wrongRequests() {
        any(
                "a refused connection is told as refused",
                s -> isRefused(s.greeted().says(request4(CONNECT, IP4_LOOPBACK, s.refusedPort())), 5));
        any("command 0 is not supported", s -> isRefused(s.greeted().says(request4(0, IP4_LOOPBACK, s.echoPort())), 7));
        any("command 4 is not supported", s -> isRefused(s.greeted().says(request4(4, IP4_LOOPBACK, s.echoPort())), 7));
        any(
                "command 255 is not supported",
                s -> isRefused(s.greeted().says(request4(255, IP4_LOOPBACK, s.echoPort())), 7));
        any(
                "an unknown command with a name is not supported",
                s -> isRefused(s.greeted().says(requestName(0x42, text("localhost"), s.echoPort())), 7));
        any(
                "an unknown command with an IPv6 address is not supported",
                s -> isRefused(s.greeted().says(request6(9, IP6_LOOPBACK, s.echoPort())), 7));
        for (int type : new int[] {0, 2, 5, 255}) {
            any(
                    "address type " + type + " is not supported",
                    s -> isRefused(s.greeted().says(join(bytes(5, CONNECT, 0, type), IP4_LOOPBACK, bytes(0, 80))), 8));
        }
        own(
                "an unknown address type is refused without waiting for an address",
                s -> isRefused(s.greeted().says(5, 1, 0, 2), 8));
        own(
                "an unknown address type is told even with an unknown command",
                s -> isRefused(s.greeted().says(5, 9, 0, 2, 1, 2, 3, 4, 5), 8));
        own(
                "a request of version 4 is a failure",
                s -> isRefused(s.greeted().says(4, 1, 0, 1, 127, 0, 0, 1, 0, 80), 1));
        own("a request of version 0 is a failure", s -> isRefused(s.greeted().says(0), 1));
        own("the reserved byte is not looked at", s -> {
            byte[] request = request4(CONNECT, IP4_LOOPBACK, s.echoPort());
            request[2] = (byte) 0xff;
            isConnected(s.greeted().says(request));
        });
        own("an empty name is a failure", s -> isRefused(s.greeted().says(requestName(CONNECT, bytes(), 80)), 1));
        own(
                "a name with a NUL is a failure",
                s -> isRefused(s.greeted().says(requestName(CONNECT, text("local\0host"), 80)), 1));
        own(
                "a name with a line break is a failure",
                s -> isRefused(s.greeted().says(requestName(CONNECT, text("a\r\nb"), 80)), 1));
        own(
                "a name with ESC is a failure",
                s -> isRefused(s.greeted().says(requestName(CONNECT, text("a\u001b[2Jb"), 80)), 1));
        own(
                "a name that is not UTF-8 is a failure",
                s -> isRefused(s.greeted().says(requestName(CONNECT, bytes(0xc3, 0x28), 80)), 1));
        own(
                "an overlong form of UTF-8 is a failure",
                s -> isRefused(s.greeted().says(requestName(CONNECT, bytes(0xc0, 0xae), 80)), 1));
    }

    /** A program that goes away in the middle takes nothing but its own connection with it. */
    private void truncated() {
        byte[] whole = join(NO_LOGIN_GREETING, requestName(CONNECT, text("localhost"), 9));
        for (int length = 1; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            any("a program that ends after " + length + " of " + whole.length + " bytes is let go", s -> {
                Program program = s.connect().says(part).endsItsHalf();
                program.read(part.length < NO_LOGIN_GREETING.length ? 0 : 2);
                program.hearsNoMore().close();
            });
        }
    }

    private void any(String name, Script script) {
        cases.add(new SocksCase("SOCKS5: " + name, Need.OPEN_SERVER, script));
    }

    private void own(String name, Script script) {
        cases.add(new SocksCase("SOCKS5: " + name, Need.OUR_GATEWAY, script));
    }

    private static byte[] greetingWith255Methods() {
        byte[] greeting = new byte[2 + 255];
        greeting[0] = 5;
        greeting[1] = (byte) 255;
        for (int method = 0; method < 255; method++) {
            greeting[2 + method] = (byte) (254 - method);
        }
        return greeting;
    }
}

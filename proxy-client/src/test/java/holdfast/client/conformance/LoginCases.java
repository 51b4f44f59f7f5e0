package holdfast.client.conformance;

import static holdfast.client.conformance.Dialogue.echoes;
import static holdfast.client.conformance.Dialogue.hearsReply;
import static holdfast.client.conformance.Dialogue.hearsReply4;
import static holdfast.client.conformance.Dialogue.isConnected;
import static holdfast.client.conformance.SocksBytes.IP4_LOOPBACK;
import static holdfast.client.conformance.SocksBytes.PASSWORD_GREETING;
import static holdfast.client.conformance.SocksBytes.bytes;
import static holdfast.client.conformance.SocksBytes.join;
import static holdfast.client.conformance.SocksBytes.login;
import static holdfast.client.conformance.SocksBytes.request4;
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

/** User and password (RFC 1929), at a server that wants them. */
final class LoginCases {
    private static final int CONNECT = 1;

    private final List<SocksCase> cases = new ArrayList<>();

    static List<SocksCase> all() {
        LoginCases table = new LoginCases();
        table.greetings();
        table.logins();
        table.wrongLogins();
        table.truncated();
        table.withoutLogin();
        return table.cases;
    }

    private void greetings() {
        add(
                "the password is chosen when it is the only method",
                s -> s.connect().says(5, 1, 2).hears(5, 2).close());
        add(
                "the password is chosen although no login is offered too",
                s -> s.connect().says(5, 2, 0, 2).hears(5, 2).close());
        add(
                "the password is chosen when it comes last",
                s -> s.connect().says(5, 4, 1, 3, 0, 2).hears(5, 2).close());
        add(
                "an offer without a password is refused",
                s -> s.connect().says(5, 1, 0).hears(5, 255).hearsNoMore().close());
        add(
                "an offer of GSSAPI and no login is refused",
                s -> s.connect().says(5, 2, 0, 1).hears(5, 255).hearsNoMore().close());
    }

    private void logins() {
        add(
                "the right user and password are let in",
                s -> isConnected(s.greeted().says(request(s))));
        add("a login may come byte by byte", s -> {
            Program program = challenged(s).saysByteByByte(rightLogin(s)).hears(1, 0);
            isConnected(program.says(request(s)));
        });
        add("greeting, login, request and data may come at once", s -> {
            byte[] all = join(PASSWORD_GREETING, rightLogin(s), request(s), text("early"));
            Program program = s.connect().says(all).hears(5, 2).hears(1, 0);
            echoes(hearsReply(program, 0).hears("early"), "and more");
        });
        add("greeting, login and request may come byte by byte without waiting", s -> {
            byte[] all = join(PASSWORD_GREETING, rightLogin(s), request(s));
            isConnected(s.connect().saysByteByByte(all).hears(5, 2).hears(1, 0));
        });
    }

    private void wrongLogins() {
        wrong("a wrong password", s -> login(text(s.user()), text(s.password() + "x")));
        wrong(
                "a password that is cut",
                s -> login(text(s.user()), text(s.password().substring(1))));
        wrong("a wrong user", s -> login(text("x" + s.user()), text(s.password())));
        wrong("user and password with the border moved", s -> {
            String both = s.user() + s.password();
            int border = s.user().length() + 1;
            return login(text(both.substring(0, border)), text(both.substring(border)));
        });
        wrong("user and password changed over", s -> login(text(s.password()), text(s.user())));
        wrong("an empty password", s -> login(text(s.user()), bytes()));
        wrong("an empty user", s -> login(bytes(), text(s.password())));
        wrong("an empty user and password", s -> login(bytes(), bytes()));
        wrong("a user and a password of 255 bytes", s -> login(new byte[255], new byte[255]));
        wrong("a password with a NUL behind it", s -> login(text(s.user()), join(text(s.password()), bytes(0))));
        add("a login of version 5 is refused", s -> isRefused(challenged(s).says(5, 1, 0)));
        add("a login of version 0 is refused", s -> isRefused(challenged(s).says(0, 1, 0)));
        add(
                "a request in the place of a login is refused",
                s -> isRefused(challenged(s).says(request(s))));
        add("a refused login does not let the pipelined request through", s -> {
            byte[] login = login(text(s.user()), text("wrong"));
            isRefused(challenged(s).says(join(login, request(s), text("early"))));
        });
    }

    private void truncated() {
        for (int missing = 1; missing <= 5; missing++) {
            int cut = missing;
            add("a login that ends " + cut + " bytes early is let go", s -> {
                byte[] login = rightLogin(s);
                challenged(s)
                        .says(Arrays.copyOf(login, login.length - cut))
                        .endsItsHalf()
                        .hearsNoMore()
                        .close();
            });
        }
    }

    private void withoutLogin() {
        own(
                "SOCKS4, which has no password, is refused with 93",
                s -> hearsReply4(s.connect().says(socks4(CONNECT, IP4_LOOPBACK, s.echoPort(), s.user())), 93)
                        .hearsTheEnd()
                        .close());
        own(
                "SOCKS4a, which has no password, is refused with 93",
                s -> hearsReply4(s.connect().says(socks4a(CONNECT, text("localhost"), s.echoPort(), s.user())), 93)
                        .hearsTheEnd()
                        .close());
    }

    private void wrong(String what, Login login) {
        add(what + " is refused", s -> isRefused(challenged(s).says(login.of(s))));
    }

    private void add(String name, Script script) {
        cases.add(new SocksCase("RFC 1929: " + name, Need.PASSWORD_SERVER, script));
    }

    private void own(String name, Script script) {
        cases.add(new SocksCase("RFC 1929: " + name, Need.OUR_PASSWORD_SERVER, script));
    }

    private interface Login {
        byte[] of(Scene scene);
    }

    private static Program challenged(Scene scene) throws IOException {
        return scene.connect().says(PASSWORD_GREETING).hears(5, 2);
    }

    /** Any status but 0 is a failure, and the connection has to be closed (RFC 1929 section 2). */
    private static void isRefused(Program program) throws IOException {
        byte[] answer = program.read(2);
        if (answer[0] != 1 || answer[1] == 0) {
            throw new AssertionError("expected 1 and a failure but heard " + answer[0] + " " + answer[1]);
        }
        program.hearsNoMore().close();
    }

    private static byte[] rightLogin(Scene scene) {
        return login(text(scene.user()), text(scene.password()));
    }

    private static byte[] request(Scene scene) {
        return request4(CONNECT, IP4_LOOPBACK, scene.echoPort());
    }
}

package holdfast.client.conformance;

import holdfast.client.fixture.Program;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Where the dialogues play: a server, and destinations that it can reach.
 *
 * @param server the SOCKS server
 * @param echoPort where 127.0.0.1, ::1 and localhost echo what they hear, and end when the other end does
 * @param refusedPort where nobody listens
 * @param user the user the server wants, empty where it wants none
 * @param password the password the server wants
 */
public record Scene(InetSocketAddress server, int echoPort, int refusedPort, String user, String password) {
    /** Names that only our gateway in memory knows; they echo as well. */
    static final String LONGEST_NAME = SocksBytes.nameOf(255);

    static final String LONGEST_LABEL = "a".repeat(255);
    static final String FOREIGN_NAME = "b\u00fccher.\u4f8b\u3048";

    boolean wantsPassword() {
        return !user.isEmpty();
    }

    Program connect() throws IOException {
        return Program.connect(server);
    }

    /** A program that is past the greeting, and the login where there is one. */
    Program greeted() throws IOException {
        Program program = connect();
        if (wantsPassword()) {
            program.says(SocksBytes.PASSWORD_GREETING).hears(SocksBytes.bytes(5, 2));
            program.says(SocksBytes.login(SocksBytes.text(user), SocksBytes.text(password)))
                    .hears(SocksBytes.bytes(1, 0));
        } else {
            program.says(SocksBytes.NO_LOGIN_GREETING).hears(SocksBytes.bytes(5, 0));
        }
        return program;
    }
}

package holdfast.client.conformance;

import holdfast.client.fixture.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Steps that many dialogues have in common. */
final class Dialogue {
    private Dialogue() {}

    /** Hears a SOCKS5 reply with this code, whatever address is in it (RFC 1928 section 6). */
    static Program hearsReply(Program program, int code) throws IOException {
        byte[] head = program.read(4);
        if (head[0] != 5 || head[1] != code || head[2] != 0) {
            throw new AssertionError(
                    "expected reply 5 " + code + " 0 but heard " + head[0] + " " + head[1] + " " + head[2]);
        }
        int length = switch (head[3]) {
            case 1 -> 4;
            case 3 -> program.read(1)[0] & 0xff;
            case 4 -> 16;
            default -> throw new AssertionError("the reply has an address of type " + head[3]);
        };
        program.read(length + 2);
        return program;
    }

    /** Hears a failure, and then the end of the connection in order. */
    static void isRefused(Program program, int code) throws IOException {
        hearsReply(program, code).hearsTheEnd().close();
    }

    /** Hears that it is connected, to something that echoes. */
    static void isConnected(Program program) throws IOException {
        hearsReply(program, 0);
        echoes(program, "over the hills and far away");
    }

    /** Says something, hears the same, ends its half and hears the end of the other. */
    static void echoes(Program program, String text) throws IOException {
        program.says(text.getBytes(StandardCharsets.UTF_8)).hears(text.getBytes(StandardCharsets.UTF_8));
        program.endsItsHalf().hearsTheEnd().close();
    }

    /** Hears a SOCKS4 reply with this code. */
    static Program hearsReply4(Program program, int code) throws IOException {
        byte[] reply = program.read(8);
        if (reply[0] != 0 || reply[1] != code) {
            throw new AssertionError("expected reply 0 " + code + " but heard " + reply[0] + " " + reply[1]);
        }
        return program;
    }
}

package holdfast.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Asks a running program through its {@link ControlSocket}. */
public final class ControlClient {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ANSWER_LIMIT = 64 << 20;

    private ControlClient() {}

    /**
     * The running program's answer.
     *
     * @param program its name, for messages
     * @param socket the socket in its home folder
     * @param command one line, without its end
     * @throws FatalException 69 if nothing runs there or it does not answer within 10 seconds; 64 if it does not know the command
     */
    public static String ask(String program, Path socket, String command) {
        return ask(program, socket, command, PATIENCE);
    }

    static String ask(String program, Path socket, String command, Duration patience) {
        try (DeadlineChannel channel = new DeadlineChannel(connect(program, socket), patience)) {
            channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8)));
            return text(program, answer(channel));
        } catch (SocketTimeoutException e) {
            throw new FatalException(
                    ExitCode.UNAVAILABLE,
                    program + " is running but has not answered for " + patience.toSeconds() + " seconds",
                    e);
        } catch (IOException e) {
            throw new FatalException(
                    ExitCode.UNAVAILABLE, program + " went away before it answered: " + e.getMessage(), e);
        }
    }

    private static SocketChannel connect(String program, Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw new FatalException(
                    ExitCode.UNAVAILABLE,
                    "no " + program + " is running with the home " + socket.getParent() + "; start it with  " + program
                            + " run",
                    e);
        }
    }

    private static String answer(DeadlineChannel channel) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        while (channel.read(buffer) >= 0) {
            answer.write(buffer.array(), 0, buffer.position());
            buffer.clear();
            if (answer.size() > ANSWER_LIMIT) {
                throw new IOException("an answer of more than " + ANSWER_LIMIT + " bytes");
            }
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    private static String text(String program, String answer) throws IOException {
        if (answer.startsWith(ControlSocket.OK)) {
            return answer.substring(ControlSocket.OK.length());
        }
        if (answer.startsWith(ControlSocket.ERROR)) {
            throw new FatalException(
                    ExitCode.USAGE,
                    program + " answers: "
                            + answer.substring(ControlSocket.ERROR.length()).strip());
        }
        throw new IOException("it closed the connection");
    }
}

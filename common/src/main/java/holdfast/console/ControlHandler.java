package holdfast.console;

/** Answers what is asked of a running program through its {@link ControlSocket}. */
@FunctionalInterface
public interface ControlHandler {
    /**
     * The answer to one command, on the control socket's own thread: what an event loop owns has to be asked there.
     *
     * @param command one line without its end, from a program of the same user
     * @throws IllegalArgumentException if there is no such command; the message is the answer
     */
    String answer(String command);
}

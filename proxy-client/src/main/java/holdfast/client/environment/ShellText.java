package holdfast.client.environment;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Text for a POSIX shell. */
public final class ShellText {
    private ShellText() {}

    /** One word, whatever is in it. */
    public static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** One command that sets each variable. */
    public static String exports(Map<String, String> variables) {
        return variables.entrySet().stream()
                .map(each -> "export " + each.getKey() + "=" + quoted(each.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    /** The command whose place the shell gives up. */
    public static String exec(List<String> command) {
        return "exec " + command.stream().map(ShellText::quoted).collect(Collectors.joining(" ")) + "\n";
    }
}

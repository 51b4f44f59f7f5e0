package holdfast.server.policy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One line of the policy: allows or denies something.
 *
 * @param allows whether it allows
 * @param verbs what it allows or denies to do; either of those that reach or of those that listen
 * @param subject with what
 * @param place where it stands, for people: {@code FILE:LINE:COLUMN}, or an option
 */
public record Rule(boolean allows, Set<Verb> verbs, Subject subject, String place) {
    private static final String FORM = "[connect,udp,bind,listen ]WHAT[:PORTS]";

    public Rule {
        verbs = Set.copyOf(verbs);
    }

    /**
     * Reads {@code [VERBS ]WHAT[:PORTS]}: {@code 10.0.0.0/8}, {@code *.corp.example:443}, {@code udp 10.0.0.53:53}, {@code connect,udp *},
     * {@code bind 10.77.100.1:1024-65535}, {@code /run/app.sock}, {@code listen /run/users/*}. Without verbs it is about reaching destinations.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    public static Rule parse(boolean allows, String text, String place) {
        String[] words = text.strip().split("\\s+", -1);
        if (words.length > 2) {
            throw new IllegalArgumentException("'" + text + "' is not " + FORM);
        }
        Set<Verb> verbs = words.length == 1 ? Verb.REACH : verbs(words[0]);
        String what = words[words.length - 1];
        boolean listens = Verb.LISTENING.containsAll(verbs);
        if (!listens && !Verb.REACH.containsAll(verbs)) {
            throw new IllegalArgumentException("'" + text
                    + "' is about destinations (connect, udp) and about listening (bind, listen); make it two rules");
        }
        if (PathRule.isMeant(what)) {
            return aboutPath(allows, verbs, text, what, place);
        }
        return new Rule(allows, verbs, listens ? ListenRule.parse(what) : destination(what), place);
    }

    /** {@link #parse} for {@code --allow}. */
    public static Rule allow(String text) {
        return parse(true, text, "--allow");
    }

    /** Allows listening, for SOCKS BIND and {@code -R}: {@code [ADDRESS:]PORTS}, or the path of a Unix-domain socket. */
    public static Rule allowListen(String text, String place) {
        return new Rule(
                true, Verb.LISTENING, PathRule.isMeant(text) ? PathRule.parse(text) : ListenRule.parse(text), place);
    }

    /** The same for {@code --allow-listen}. */
    public static Rule allowListen(String text) {
        return allowListen(text, "--allow-listen");
    }

    private static Rule aboutPath(boolean allows, Set<Verb> verbs, String text, String path, String place) {
        if (!verbs.contains(Verb.CONNECT) && !verbs.contains(Verb.LISTEN)) {
            throw new IllegalArgumentException("'" + text + "': a socket's path is for connect or listen");
        }
        return new Rule(allows, verbs, PathRule.parse(path), place);
    }

    boolean covers(Question question) {
        return verbs.contains(question.verb()) && subject.covers(question);
    }

    /** Whether it names the addresses or paths it is about, and not only a name whose owner says where it leads. */
    boolean namesAddresses() {
        return !(subject instanceof NameRule);
    }

    /** Whether it names ports. */
    boolean namesPorts() {
        return !(subject instanceof NameRule name) || !name.ports().equals(Ports.ALL);
    }

    /** As it could be written: {@code allow udp 10.0.0.53:53}. */
    @Override
    public String toString() {
        String action = allows ? "allow" : "deny";
        if (verbs.equals(Verb.LISTENING)) {
            return allows ? "allow-listen " + subject : "deny bind,listen " + subject;
        }
        String only = verbs.equals(Verb.REACH)
                ? ""
                : Arrays.stream(Verb.values())
                        .filter(verbs::contains)
                        .map(Verb::toString)
                        .collect(Collectors.joining(",", "", " "));
        return action + " " + only + subject;
    }

    private static Set<Verb> verbs(String words) {
        Set<Verb> verbs = EnumSet.noneOf(Verb.class);
        for (String each : words.split(",", -1)) {
            verbs.add(Verb.parse(each));
        }
        return verbs;
    }

    private static Subject destination(String text) {
        String host = text.startsWith("[") ? "" : text.substring(0, (text + ":").indexOf(':'));
        boolean isName = host.indexOf('/') < 0
                && host.chars().anyMatch(c -> c == '*' || c == '-' || c == '_' || Character.isLetter(c));
        // fd00::1 starts like a name; a name has one colon at most, and ports behind it.
        boolean isIp6 = text.indexOf(':') != text.lastIndexOf(':');
        return isName && !isIp6 ? NameRule.parse(text) : AddressRule.parse(text);
    }
}

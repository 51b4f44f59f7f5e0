package holdfast.server.policy;

import holdfast.protocol.StreamKind;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a user may do. To be asked for every stream, every datagram's destination and every listener, with the address that will be
 * used: after the name was resolved, not before.
 *
 * <p>The section nearest to the user that says something decides: his own, then those of his groups together, then everybody's. Within one a rule
 * that denies beats those that allow. Where no rule says anything, public addresses are open, and private networks, the machine itself and
 * whatever carries one of them inside are closed, as is listening. Only a rule that names an address opens a closed one: where a name leads is
 * decided by whoever owns the name.
 *
 * <p>Safe for all threads; a check takes well under a microsecond with few rules and never waits.
 */
public final class Policy {
    private static final Verdict PUBLIC = new Verdict(true, "public address");
    private static final int SMTP = 25;

    private final Access everyone;
    private final Map<String, Access> users;
    private final OwnAddresses own;

    /** The layers that hold for a user, the nearest first. */
    private record Access(List<Layer> layers, boolean publicOpen) {}

    /**
     * A policy.
     *
     * @param own addresses of the machine itself; borrowed
     */
    public Policy(Sections sections, OwnAddresses own) {
        this.own = own;
        this.everyone = access(sections, Rules.NONE, Set.of());
        this.users = new HashMap<>();
        Set<String> names = new HashSet<>(sections.users().keySet());
        names.addAll(sections.groupsOf().keySet());
        for (String each : names) {
            Rules rules = sections.users().getOrDefault(each, Rules.NONE);
            users.put(each, access(sections, rules, sections.groupsOf().getOrDefault(each, Set.of())));
        }
    }

    private static Access access(Sections sections, Rules user, Set<String> groups) {
        Rules together = Rules.NONE;
        for (String each : groups.stream().sorted().toList()) {
            together = together.and(sections.groups().getOrDefault(each, Rules.NONE));
        }
        List<Layer> layers = new ArrayList<>();
        for (Rules each : List.of(user, together, sections.everyone())) {
            if (!each.rules().isEmpty()) {
                layers.add(new Layer(each));
            }
        }
        Optional<Boolean> publicOpen =
                user.publicOpen().or(together::publicOpen).or(sections.everyone()::publicOpen);
        return new Access(List.copyOf(layers), publicOpen.orElse(true));
    }

    /**
     * Whether the user may have a connection made to the address.
     *
     * @param name the name that led to the address, in ASCII; null if the program asked for the address
     */
    public Verdict connect(String user, @Nullable String name, InetAddress address, int port) {
        return decide(user, Verb.CONNECT, name, address, port);
    }

    /** Whether the user may have a datagram sent to the address; as {@link #connect}. */
    public Verdict udp(String user, @Nullable String name, InetAddress address, int port) {
        return decide(user, Verb.UDP, name, address, port);
    }

    /**
     * Whether the user may listen for one connection at this address of the gateway.
     *
     * @param port 0 for any one that {@link #ports} has
     */
    public Verdict bind(String user, InetAddress address, int port) {
        return decide(user, Verb.BIND, null, address, port);
    }

    /** Whether the user may listen for as many connections as come at this address of the gateway; as {@link #bind}. */
    public Verdict listen(String user, InetAddress address, int port) {
        return decide(user, Verb.LISTEN, null, address, port);
    }

    /**
     * Whether the user may have a connection made to, or listen at, the Unix-domain socket with this path. Only a rule with a path opens one.
     *
     * @param verb {@link Verb#CONNECT} or {@link Verb#LISTEN}
     */
    public Verdict path(String user, Verb verb, String path) {
        if (!PathPattern.isPlain(path)) {
            return new Verdict(
                    false,
                    path
                            + " is not the path of a socket: it has to be absolute, without '.', '..', '//' or a slash at its end");
        }
        Question question = Question.aboutPath(verb, path);
        for (Layer each : accessOf(user).layers()) {
            Verdict denied = each.denial(question);
            Verdict said = denied == null ? each.openingByAddress(question) : denied;
            if (said != null) {
                return said;
            }
        }
        String option = verb.listens() ? "--allow-listen" : "--allow";
        return new Verdict(
                false,
                path + " is a socket of the gateway's machine, closed unless the gateway has  " + option + " " + path);
    }

    /** The ports that rules let the user listen at on this address of the gateway; one that another rule denies may be among them. */
    public List<Ports> ports(String user, Verb verb, InetAddress address) {
        Question question = question(verb, null, address, Question.ANY_PORT);
        return accessOf(user).layers().stream()
                .flatMap(each -> each.listenPorts(question))
                .toList();
    }

    /** As the verbs one by one. */
    public Verdict decide(String user, Verb verb, @Nullable String name, InetAddress address, int port) {
        return decide(
                accessOf(user), question(verb, name, address, verb.listens() && port == 0 ? Question.ANY_PORT : port));
    }

    /**
     * As the verbs, for a kind of stream.
     *
     * @param kind for {@link StreamKind#BIND} the address and port are those to listen at; for {@link StreamKind#RESOLVE} the port does not count
     */
    public Verdict check(String user, StreamKind kind, @Nullable String name, InetAddress address, int port) {
        return switch (kind) {
            case UDP -> udp(user, name, address, port);
            case BIND -> bind(user, address, port);
            case LISTEN -> listen(user, address, port);
            case RESOLVE -> decide(accessOf(user), question(Verb.CONNECT, name, address, Question.ANY_PORT));
            case TCP, GATEWAY, FORWARDED -> connect(user, name, address, port);
        };
    }

    /** {@link #check(String, StreamKind, String, InetAddress, int)} for an address that was asked for as such. */
    public Verdict check(String user, StreamKind kind, InetAddress address, int port) {
        return check(user, kind, null, address, port);
    }

    /** Addresses of the gateway at which one might listen; some may turn out not to be. */
    public List<InetAddress> ownAddresses() {
        return own.ofInterfaces();
    }

    private static Question question(Verb verb, @Nullable String name, InetAddress address, int port) {
        String compared = name == null ? null : NamePattern.normal(name);
        return new Question(verb, compared, CarriedIp4.unmapped(address.getAddress()), port);
    }

    private Verdict decide(Access access, Question question) {
        boolean listens = question.verb().listens();
        boolean smtp = question.verb() == Verb.CONNECT && question.port() == SMTP;
        for (Layer each : access.layers()) {
            Verdict denied = denial(each, question);
            if (denied != null) {
                return denied;
            }
            Verdict opened = each.openingByAddress(question);
            if (opened == null && !listens) {
                opened = each.openingByName(question, smtp);
                opened = opened != null && closure(access, question) == null ? opened : null;
            }
            if (opened != null) {
                return opened;
            }
        }
        if (listens) {
            return new Verdict(false, nowhereToListen(question));
        }
        String closed = closure(access, question);
        if (closed != null) {
            return new Verdict(false, closed);
        }
        if (!access.publicOpen()) {
            return new Verdict(
                    false, "no rule of the gateway opens " + question.place() + "," + closedUnless(question));
        }
        return smtp ? new Verdict(false, "port 25 is for mail between servers, and" + closedUnless(question)) : PUBLIC;
    }

    /** What denies an address denies its being carried. */
    private static @Nullable Verdict denial(Layer layer, Question question) {
        Verdict denied = layer.denial(question);
        for (byte[] carried : denied == null ? CarriedIp4.in(question.address()) : List.<byte[]>of()) {
            denied = denied == null ? layer.denial(question.about(carried)) : denied;
        }
        return denied;
    }

    /** Why an address is closed unless a rule names it; null if it is not. */
    private @Nullable String closure(Access access, Question question) {
        String text = Cidr.text(question.address());
        ClosedRange closed = ClosedRange.of(question.address());
        if (closed != null) {
            String range = closed.addresses().toString();
            String wider = range.equals(text) ? "" : "  or  --allow " + range;
            return text + " is in " + range + " (" + closed.what() + ")," + closedUnless(question) + wider;
        }
        if (own.contains(question.address())) {
            return text + " is an address of the gateway itself," + closedUnless(question);
        }
        for (byte[] carried : CarriedIp4.in(question.address())) {
            Question inner = question.about(carried);
            String refusal = access.layers().stream().anyMatch(each -> each.openingByAddress(inner) != null)
                    ? null
                    : closure(access, inner);
            if (refusal != null) {
                return text + " carries another address: " + refusal;
            }
        }
        return null;
    }

    private static String closedUnless(Question question) {
        Question shown = question.port() == 0 ? question.at(Question.ANY_PORT) : question;
        return " closed unless the gateway has  --allow " + shown.place();
    }

    private static String nowhereToListen(Question question) {
        String place = question.port() == Question.ANY_PORT ? question.host() + ":PORTS" : question.place();
        return "listening at " + place + " is closed unless the gateway has  --allow-listen " + place;
    }

    private Access accessOf(String user) {
        return users.getOrDefault(user, everyone);
    }
}

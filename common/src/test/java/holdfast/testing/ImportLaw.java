package holdfast.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;

/**
 * Which package of Holdfast may import which other one: every import lies further along the outgoing byte's way to the wire
 * (ARCHITECTURE.md). A package that has no line here may not exist.
 */
public final class ImportLaw {
    private static final Set<String> PROGRAM =
            Set.of("protocol", "identity", "console", "dns", "agreement", "transport", "driver", "relay", "warmup");
    private static final Set<String> PROGRAM_WITH_SESSIONS =
            Set.of("protocol", "identity", "console", "agreement", "frame", "transport", "session", "driver", "relay");

    private static final Set<String> PROGRAM_WITH_MTA_TLS =
            Set.of("protocol", "identity", "console", "transport", "driver", "relay", "mtatls");

    /** The packages of common that a package may import, by the name after {@code holdfast.}; the longest name that fits counts. */
    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("protocol", Set.of()),
            Map.entry("identity", Set.of("protocol")),
            Map.entry("console", Set.of("protocol", "identity")),
            Map.entry("dns", Set.of()),
            // Words between people; both programs judge them, no layer between does.
            Map.entry("agreement", Set.of()),
            Map.entry("frame", Set.of("protocol")),
            Map.entry("flowcontrol", Set.of("protocol")),
            Map.entry("stream", Set.of("protocol", "frame", "flowcontrol")),
            Map.entry("path", Set.of("protocol", "frame", "flowcontrol")),
            Map.entry("session", Set.of("protocol", "frame", "flowcontrol", "stream", "path")),
            Map.entry("transport", Set.of("protocol", "identity", "console", "frame")),
            Map.entry("driver", Set.of("protocol", "identity", "console", "frame", "session", "transport")),
            Map.entry("relay", Set.of("protocol", "driver")),
            // A second protocol beside the session's: it has its own words, core and driver, and shares the face that a
            // relay sees.
            Map.entry("mtatls.message", Set.of("protocol")),
            Map.entry("mtatls.channel", Set.of("protocol", "mtatls.message")),
            Map.entry("mtatls", Set.of("protocol", "driver", "mtatls.channel", "mtatls.message")),
            // It plays both ends of a whole session.
            Map.entry("warmup", Set.of("protocol", "identity", "console", "frame", "session", "transport", "driver")),
            Map.entry("client", PROGRAM),
            Map.entry("client.dialer", PROGRAM_WITH_SESSIONS),
            Map.entry("client.session", PROGRAM_WITH_SESSIONS),
            Map.entry("client.mtatls", PROGRAM_WITH_MTA_TLS),
            Map.entry("server", PROGRAM),
            // Rates are the same arithmetic as credit.
            Map.entry("server.budget", Set.of("protocol", "identity", "flowcontrol")),
            Map.entry("server.gateway", PROGRAM_WITH_SESSIONS),
            Map.entry("server.session", PROGRAM_WITH_SESSIONS),
            Map.entry("server.mtatls", PROGRAM_WITH_MTA_TLS));

    private static final String ROOT = "holdfast.";
    private static final Set<String> STREAM_AS_A_RELAY_SEES_IT =
            Set.of("holdfast.driver.StreamHandle", "holdfast.driver.StreamListener");

    private ImportLaw() {}

    public static ArchRule importsFollowTheOutgoingByte() {
        return classes().that().resideInAPackage("holdfast..").should(importOnlyWhatTheTableAllows());
    }

    public static ArchRule aRelaySeesOnlyTheStream() {
        return classes()
                .that()
                .resideInAPackage("holdfast.relay..")
                .should(dependOn(
                        "only on the stream of the driver",
                        target -> !target.getPackageName().equals("holdfast.driver")
                                || STREAM_AS_A_RELAY_SEES_IT.contains(target.getName())))
                .allowEmptyShould(true);
    }

    private static ArchCondition<JavaClass> importOnlyWhatTheTableAllows() {
        return new ArchCondition<>("import only what lies further along the outgoing byte's way") {
            @Override
            public void check(JavaClass origin, ConditionEvents events) {
                String from = nameOf(origin);
                if (!MAY_IMPORT.containsKey(lineOf(from))) {
                    events.add(SimpleConditionEvent.violated(
                            origin, origin.getPackageName() + " has no line in " + ImportLaw.class.getName()));
                    return;
                }
                for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                    if (!isAllowed(from, dependency.getTargetClass())) {
                        events.add(SimpleConditionEvent.violated(origin, dependency.getDescription()));
                    }
                }
            }
        };
    }

    static ArchCondition<JavaClass> dependOn(String what, java.util.function.Predicate<JavaClass> allowed) {
        return new ArchCondition<>("depend " + what) {
            @Override
            public void check(JavaClass origin, ConditionEvents events) {
                for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                    if (!allowed.test(dependency.getTargetClass().getBaseComponentType())) {
                        events.add(SimpleConditionEvent.violated(origin, dependency.getDescription()));
                    }
                }
            }
        };
    }

    private static boolean isAllowed(String from, JavaClass target) {
        JavaClass type = target.getBaseComponentType();
        if (!type.getPackageName().startsWith(ROOT)) {
            return true;
        }
        String to = nameOf(type);
        if (isProgram(to)) {
            // Within a program only cycles are forbidden, but its main package wires the others and is seen by none.
            return from.equals(to) || (topOf(from).equals(topOf(to)) && !to.equals(topOf(to)));
        }
        return from.equals(to)
                || MAY_IMPORT.getOrDefault(lineOf(from), Set.of()).contains(to);
    }

    private static String nameOf(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith(ROOT) ? name.substring(ROOT.length()) : name;
    }

    private static String lineOf(String name) {
        return MAY_IMPORT.containsKey(name) || !isProgram(name) ? name : topOf(name);
    }

    private static boolean isProgram(String name) {
        return topOf(name).equals("client") || topOf(name).equals("server");
    }

    private static String topOf(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }
}

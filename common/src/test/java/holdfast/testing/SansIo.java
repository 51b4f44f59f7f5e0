package holdfast.testing;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.net.InetAddress;
import java.util.Set;
import java.util.UUID;

/**
 * The protocol core knows bytes and numbers only: time and randomness come in as arguments, so that a whole network of sessions can be
 * simulated in one thread, from a seed.
 */
public final class SansIo {
    private static final String[] CORE = {
        "holdfast.protocol..",
        "holdfast.frame..",
        "holdfast.flowcontrol..",
        "holdfast.stream..",
        "holdfast.path..",
        "holdfast.session..",
        "holdfast.mtatls.message..",
        "holdfast.mtatls.channel.."
    };

    private static final Set<String> PACKAGES = Set.of(
            "java.lang",
            "java.lang.annotation",
            "java.lang.constant",
            "java.lang.invoke",
            "java.lang.runtime",
            "java.math",
            "java.nio",
            "java.nio.charset",
            "java.time",
            "java.time.temporal",
            "java.util",
            "java.util.function",
            "java.util.regex",
            "java.util.stream",
            "io.netty.buffer",
            "org.jspecify.annotations");

    private static final Set<String> SINGLE_CLASSES = Set.of(
            "io.netty.util.IllegalReferenceCountException",
            "io.netty.util.ReferenceCountUtil",
            "io.netty.util.ReferenceCounted",
            "java.io.Serializable",
            "java.net.Inet4Address",
            "java.net.Inet6Address",
            "java.net.InetAddress",
            "java.net.UnknownHostException",
            "java.security.MessageDigest",
            "java.util.concurrent.TimeUnit");

    private static final Set<String> FORBIDDEN = Set.of(
            "java.lang.Process",
            "java.lang.ProcessBuilder",
            "java.lang.Runtime",
            "java.lang.Thread",
            "java.lang.ThreadLocal",
            "java.time.Clock",
            "java.util.Random",
            "java.util.Scanner",
            "java.util.SplittableRandom",
            "java.util.Timer",
            "java.util.TimerTask");

    private SansIo() {}

    public static ArchRule theCoreKnowsBytesAndNumbersOnly() {
        return classes()
                .that()
                .resideInAnyPackage(CORE)
                .should(ImportLaw.dependOn("only on values and buffers", SansIo::isKnownToTheCore))
                .allowEmptyShould(true);
    }

    public static ArchRule theCoreIsToldTheTimeAndTheDice() {
        return noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .accessTargetWhere(readsAClock().or(throwsDice()).or(asksTheResolver()))
                .allowEmptyShould(true);
    }

    private static boolean isKnownToTheCore(JavaClass type) {
        String name = type.getName();
        if (type.isPrimitive() || name.startsWith("holdfast.")) {
            return true;
        }
        return SINGLE_CLASSES.contains(name) || (PACKAGES.contains(type.getPackageName()) && !FORBIDDEN.contains(name));
    }

    private static DescribedPredicate<JavaAccess<?>> readsAClock() {
        return target(owner(equivalentTo(System.class)))
                .and(target(nameMatching("nanoTime|currentTimeMillis|in|out|err|getenv|getProperty")))
                .or(target(owner(resideInAPackage("java.time"))).and(target(name("now"))))
                .as("reads a clock or the environment");
    }

    private static DescribedPredicate<JavaAccess<?>> throwsDice() {
        return target(owner(equivalentTo(Math.class)))
                .and(target(name("random")))
                .or(target(owner(equivalentTo(UUID.class))).and(target(name("randomUUID"))))
                .as("throws dice");
    }

    private static DescribedPredicate<JavaAccess<?>> asksTheResolver() {
        return target(owner(equivalentTo(InetAddress.class)))
                .and(target(nameMatching("getAllByName|getLocalHost|getHostName|getCanonicalHostName|isReachable")))
                .as("asks the resolver");
    }
}

package holdfast.client;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import holdfast.testing.Architecture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URL;
import org.junit.jupiter.api.Test;

/** No name that a program asks for is looked up on this machine: that would tell the network where its user goes. */
final class NamesStayNamesTest {
    private static final String[] FRONT_DOOR = {
        "holdfast.client.door..",
        "holdfast.client.opening..",
        "holdfast.client.socks..",
        "holdfast.client.http..",
        "holdfast.client.dns.."
    };

    @Test
    void theFrontDoorNeverAsksAResolver() {
        noClasses()
                .that()
                .resideInAnyPackage(FRONT_DOOR)
                .should()
                .accessTargetWhere(target(owner(assignableTo(InetAddress.class)))
                        .and(target(nameMatching(
                                "getByName|getAllByName|getLocalHost|getHostName|getCanonicalHostName|isReachable")))
                        .as("a look-up"))
                .orShould()
                .callConstructor(InetSocketAddress.class, String.class, int.class)
                .orShould()
                .callMethod(InetSocketAddress.class, "getHostName")
                .check(Architecture.moduleOf(ProxyClient.class));
    }

    @Test
    void theFrontDoorConnectsNowhereItself() {
        noClasses()
                .that()
                .resideInAnyPackage(FRONT_DOOR)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Socket.class, URL.class)
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.netty.bootstrap.Bootstrap")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.resolver..", "java.net.http..")
                .check(Architecture.moduleOf(ProxyClient.class));
    }
}

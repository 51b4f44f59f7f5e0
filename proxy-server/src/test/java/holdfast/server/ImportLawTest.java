package holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import holdfast.testing.Architecture;
import holdfast.testing.ImportLaw;
import org.junit.jupiter.api.Test;

final class ImportLawTest {
    private static final JavaClasses PROGRAM = Architecture.moduleOf(ProxyServer.class);

    @Test
    void theClassesOfTheProgramAreFound() {
        assertThat(PROGRAM.contain(ProxyServer.class)).isTrue();
        assertThat(PROGRAM.contain(ImportLawTest.class)).isFalse();
    }

    @Test
    void importsFollowTheOutgoingByte() {
        ImportLaw.importsFollowTheOutgoingByte().check(PROGRAM);
    }

    @Test
    void noPackagesImportEachOtherInACircle() {
        Architecture.noPackagesImportEachOtherInACircle().check(PROGRAM);
    }

    @Test
    void everyPackageSaysWhatMayBeNull() {
        Architecture.everyPackageSaysWhatMayBeNull().check(PROGRAM);
    }
}

package holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import holdfast.protocol.Destination;
import org.junit.jupiter.api.Test;

final class ImportLawTest {
    private static final JavaClasses COMMON = Architecture.moduleOf(Destination.class);

    @Test
    void theClassesOfCommonAreFound() {
        assertThat(COMMON.contain(Destination.class)).isTrue();
        assertThat(COMMON.contain(ImportLawTest.class)).isFalse();
    }

    @Test
    void importsFollowTheOutgoingByte() {
        ImportLaw.importsFollowTheOutgoingByte().check(COMMON);
    }

    @Test
    void aRelaySeesOnlyTheStream() {
        ImportLaw.aRelaySeesOnlyTheStream().check(COMMON);
    }

    @Test
    void theCoreKnowsBytesAndNumbersOnly() {
        SansIo.theCoreKnowsBytesAndNumbersOnly().check(COMMON);
    }

    @Test
    void theCoreIsToldTheTimeAndTheDice() {
        SansIo.theCoreIsToldTheTimeAndTheDice().check(COMMON);
    }

    @Test
    void noPackagesImportEachOtherInACircle() {
        Architecture.noPackagesImportEachOtherInACircle().check(COMMON);
    }

    @Test
    void everyPackageSaysWhatMayBeNull() {
        Architecture.everyPackageSaysWhatMayBeNull().check(COMMON);
    }
}

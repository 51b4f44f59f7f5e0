package holdfast.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.console.FatalException;
import holdfast.server.budget.DoorLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a gateway makes of the files and the Java it is given. */
final class MachineTest {
    @Test
    void withFilesEnoughTheLimitsStayAsTheyAre() {
        assertThat(OpenFiles.fit(DoorLimits.DEFAULT, 1_048_576)).isEqualTo(DoorLimits.DEFAULT);
        assertThat(OpenFiles.fit(DoorLimits.DEFAULT, Long.MAX_VALUE)).isEqualTo(DoorLimits.DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(longs = {128, 256, 1024, 4096, 65_536})
    void withFewerFilesSomeAreAlwaysLeftForJoins(long most) {
        DoorLimits fitting = OpenFiles.fit(DoorLimits.DEFAULT, most);

        assertThat(fitting.streams()).isPositive();
        assertThat(fitting.full()).isPositive();
        assertThat(most - fitting.streams() - fitting.full() - fitting.full() / 4)
                .as("files for paths and for the gateway itself")
                .isGreaterThanOrEqualTo(Math.min(4096, most / 4));
    }

    @Test
    void withHardlyAnyFilesTheStartIsRefusedWithWhatToDo() {
        assertThatThrownBy(() -> OpenFiles.fit(DoorLimits.DEFAULT, 127))
                .isInstanceOf(FatalException.class)
                .hasMessageContaining("only 127 files")
                .hasMessageContaining("LimitNOFILE");
    }

    @ParameterizedTest
    @CsvSource({"17, 15, 17.0.16", "17, 16,", "21, 3, 21.0.8", "21, 8,", "25, 0,", "26, 0,"})
    void aJavaWithKnownHolesIsToldWhichOneMendsThem(int feature, int update, String better) {
        assertThat(JavaLevel.better(feature, update)).isEqualTo(better);
    }

    @Test
    void aJavaThatNobodyMaintainsIsNamed() {
        assertThat(JavaLevel.better(19, 2)).contains("still maintained");
    }
}

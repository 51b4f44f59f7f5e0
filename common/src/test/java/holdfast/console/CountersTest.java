package holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class CountersTest {
    private final Counters counters = new Counters();

    @Test
    void whatHappensIsCountedAndWhatStandsIsRead() {
        AtomicLong open = new AtomicLong(3);
        Counters.Counter resumes = counters.counter("resumes", "outages that were survived");
        counters.now("streams", "streams that are open", open::get);

        resumes.increment();
        resumes.add(4);
        open.set(2);

        assertThat(counters.values()).containsEntry("resumes", 5L).containsEntry("streams", 2L);
        assertThat(counters.readings())
                .extracting(Counters.Reading::name, Counters.Reading::kind)
                .containsExactly(tuple("resumes", Counters.Kind.TOTAL), tuple("streams", Counters.Kind.NOW));
    }

    @Test
    void aNameIsGivenOnce() {
        counters.counter("resumes", "outages that were survived");

        assertThatThrownBy(() -> counters.now("resumes", "again", () -> 0)).hasMessageContaining("resumes");
        assertThatThrownBy(() -> counters.counter("Resumes-", "again")).hasMessageContaining("Resumes-");
        assertThatThrownBy(() -> counters.counter("lost", "x").add(-1)).hasMessageContaining("-1");
    }
}

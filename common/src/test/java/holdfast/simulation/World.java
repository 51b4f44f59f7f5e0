package holdfast.simulation;

import holdfast.frame.Frame;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What everything in one simulation shares. */
final class World {
    final Agenda agenda = new Agenda(1000 * Agenda.SECOND);
    final Dice dice;
    final Scenario scenario;

    /** Counts what is in use; without Netty's own search for leaks, which costs more than the simulation. */
    final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);

    final Model model;

    /** Frames that will come once more. */
    final Set<Frame> echoes = Collections.newSetFromMap(new IdentityHashMap<>());

    private final @Nullable Appendable trace;
    private final long start = agenda.now();

    World(Scenario scenario, Dice dice, @Nullable Appendable trace) {
        this.scenario = scenario;
        this.dice = dice;
        this.trace = trace;
        this.model = new Model(this);
    }

    /** One line of what happens, where somebody reads it. */
    void trace(Supplier<String> line) {
        if (trace != null) {
            try {
                trace.append(String.format("%12.6f ", (agenda.now() - start) / 1e9))
                        .append(line.get())
                        .append('\n');
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    /** Nanoseconds since the simulation began. */
    long elapsed() {
        return agenda.now() - start;
    }
}

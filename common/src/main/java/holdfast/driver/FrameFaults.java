package holdfast.driver;

import holdfast.console.FaultPoint;
import holdfast.frame.Frame;
import holdfast.frame.FrameType;
import java.util.EnumSet;
import java.util.Set;

/** Where a test lets the process die around a frame that leaves: see {@link FaultPoint}. */
final class FrameFaults {
    private final Set<FrameType> polled = EnumSet.noneOf(FrameType.class);

    /** The frame is about to leave. Borrows it. */
    void polled(Frame frame) {
        FaultPoint.reach("polled", frame.type());
        polled.add(frame.type());
    }

    /** All that was polled has been handed to the transport. */
    void flushed() {
        if (FaultPoint.ARMED) {
            polled.forEach(each -> FaultPoint.reach("sent", each));
            polled.clear();
        }
    }
}

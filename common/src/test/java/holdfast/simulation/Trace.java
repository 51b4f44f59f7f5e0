package holdfast.simulation;

import holdfast.frame.Data;
import holdfast.frame.Datagram;
import holdfast.frame.Frame;

/** One frame in one line. */
final class Trace {
    private Trace() {}

    static String text(Frame frame) {
        if (frame instanceof Data data) {
            return "Data[stream=" + data.stream() + ", " + data.offset() + ".." + data.end()
                    + (data.fin() ? ", fin]" : "]");
        }
        if (frame instanceof Datagram datagram) {
            return "Datagram[flow=" + datagram.flow() + ", "
                    + datagram.payload().readableBytes() + " bytes]";
        }
        return frame.toString();
    }
}

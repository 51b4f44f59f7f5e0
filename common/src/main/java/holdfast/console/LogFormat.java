package holdfast.console;

/** How an event is written; either way one event is one line. */
public enum LogFormat {
    /** For people: time, level, event name, {@code key=value}. */
    TEXT {
        @Override
        public String line(LogRecord event) {
            return TextLine.of(event);
        }
    },
    /** For programs: one JSON object. */
    JSON {
        @Override
        public String line(LogRecord event) {
            return JsonLine.of(event);
        }
    };

    /** The event as one line, with its line end. */
    public abstract String line(LogRecord event);
}

package holdfast.driver;

import holdfast.protocol.ErrorCode;

/** Stands in until somebody listens to a stream ({@link StreamHandle#listen}); what happens before is told to him then. */
public final class Unheard implements StreamListener {
    @Override
    public void onReadable() {}

    @Override
    public void onWritable() {}

    @Override
    public void onStopped(ErrorCode code) {}

    @Override
    public void onReset(ErrorCode code) {}
}

package holdfast.frame;

import holdfast.testing.FuzzSeeds;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;

/** Any bytes, cut anywhere, are frames or are refused; nothing is left unreleased. The first byte says how they are cut. */
final class FrameDecoderFuzzTest {
    @ParameterizedTest
    @FuzzSeeds
    void anyBytesAreFramesOrRefused(byte[] data) {
        fuzzerTestOneInput(data);
    }

    /** For {@code scripts/fuzz}. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        int step = 1 + (data[0] & 0xff);
        try (DecoderRig rig = new DecoderRig()) {
            for (int at = 1; at < data.length; at += step) {
                if (!rig.feedOrRefuse(Arrays.copyOfRange(data, at, Math.min(data.length, at + step)))) {
                    return;
                }
            }
        }
    }
}

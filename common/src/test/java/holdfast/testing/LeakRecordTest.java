package holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

final class LeakRecordTest {
    @Test
    void aLostBufferIsFoundWithTheLastPlaceThatTouchedIt() {
        lose("last seen here");

        assertThat(LeakRecord.search())
                .singleElement()
                .asString()
                .contains("last seen here")
                .contains("LeakRecordTest.lose")
                .doesNotContain("org.junit.platform");
    }

    @Test
    void aReleasedBufferIsNoLeak() {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.buffer(16);
        buffer.release();

        assertThat(LeakRecord.search()).isEmpty();
    }

    private static void lose(String hint) {
        PooledByteBufAllocator.DEFAULT.buffer(16).touch(hint);
    }
}

package holdfast.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.client.fixture.Program;
import holdfast.client.fixture.Sites;
import holdfast.client.fixture.TestDoor;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RequestTimeTest {
    private static final String GET = "GET http://site.test/ HTTP/1.1\r\nHost: site.test\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private TestDoor door;

    @BeforeEach
    void open() {
        door = TestDoor.withTimeout(Duration.ofMillis(200));
        door.gateway().site("site.test:80", Sites.accepting());
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void aKeptConnectionMayBeIdle() throws IOException, InterruptedException {
        try (Program program = door.program();
                Program later = door.program()) {
            program.says(GET);
            door.gateway().awaitStream().says(OK);
            program.hears(OK);

            later.hearsTheEnd(); // said nothing, and its time, which began with the other's, is over

            program.says(GET.replace("site.test", "other.test"));
            assertThat(program.hearsAll()).startsWith("HTTP/1.1 502 ");
        }
    }

    @Test
    void aFurtherRequestHasToBeCompleteInTimeFromItsFirstByte() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says(GET);
            door.gateway().awaitStream().says(OK);
            program.hears(OK);

            program.says("GET http://si");

            program.hearsTheEnd();
        }
    }

    @Test
    void aResponseMayTakeLonger() throws IOException, InterruptedException {
        try (Program program = door.program();
                Program later = door.program()) {
            program.says(GET);

            later.hearsTheEnd();

            door.gateway().awaitStream().says(OK);
            program.hears(OK);
        }
    }
}

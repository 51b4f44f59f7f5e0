package holdfast.server.listen;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.server.policy.Ports;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PortSearchTest {
    @Test
    void everyPortIsTriedOnceWhereTheyAreFew() {
        PortSearch search = new PortSearch(List.of(Ports.parse("80,8000-8003"), Ports.parse("443")), 2);

        assertThat(all(search)).containsExactly(8001, 8002, 8003, 443, 80, 8000);
    }

    @Test
    void amongManySomeAreTried() {
        List<Integer> tried = all(new PortSearch(List.of(Ports.parse("1024-65535")), -7));

        assertThat(tried).hasSize(64).doesNotHaveDuplicates().allMatch(port -> port >= 1024 && port <= 65_535);
    }

    @Test
    void noneIsTriedWhereNoneIsAllowed() {
        assertThat(all(new PortSearch(List.of(), 5))).isEmpty();
    }

    private static List<Integer> all(PortSearch search) {
        List<Integer> ports = new ArrayList<>();
        for (int port = search.next(); port >= 0; port = search.next()) {
            ports.add(port);
        }
        return ports;
    }
}

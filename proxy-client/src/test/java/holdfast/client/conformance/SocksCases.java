package holdfast.client.conformance;

import java.util.List;
import java.util.stream.Stream;

/** The whole table. */
public final class SocksCases {
    private SocksCases() {}

    public static List<SocksCase> all() {
        return Stream.of(
                        Socks5Cases.all(),
                        ReplyCases.all(),
                        LoginCases.all(),
                        Socks4Cases.all(),
                        BindCases.all(),
                        LiveBindCases.all(),
                        UdpCases.all(),
                        CutCases.all())
                .flatMap(List::stream)
                .toList();
    }
}

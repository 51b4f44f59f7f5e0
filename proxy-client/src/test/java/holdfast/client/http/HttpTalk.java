package holdfast.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.client.fixture.MemoryGateway;
import holdfast.client.fixture.MemoryStream;
import holdfast.client.opening.DoorPolicy;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** One connection of a program to the door for HTTP and the destinations it leads to, and what has to hold whatever they said. */
final class HttpTalk {
    private static final Pattern OWN_HOST =
            Pattern.compile("host[ \\t]*:\\s*(localhost|[0-9a-f:.\\[\\]]+):1080\\s", Pattern.CASE_INSENSITIVE);
    private static final List<String> OWN_PAGES = List.of("<title>Holdfast</title>", "FindProxyForURL");

    private final ProgramSocket program;
    private final MemoryGateway gateway;
    private final Function<MemoryStream, HttpSite> making;
    private final Deque<HttpSite> sites = new ArrayDeque<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final ByteArrayOutputStream answered = new ByteArrayOutputStream();
    private final EmbeddedChannel requests = new EmbeddedChannel(new HttpRequestDecoder(HttpDoor.limits()));

    HttpTalk(Function<MemoryStream, HttpSite> making) throws Exception {
        this.making = making;
        this.program = ProgramSocket.open();
        this.gateway = new MemoryGateway(program.eventLoop()).everywhere(new Everywhere());
    }

    MemoryGateway gateway() {
        return gateway;
    }

    void begin(DoorPolicy policy) {
        program.enter(policy);
    }

    void programSays(byte[] piece) {
        said.writeBytes(piece);
        requests.writeInbound(Unpooled.wrappedBuffer(piece));
        program.says(piece);
    }

    void programEnds() {
        requests.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        program.ends();
    }

    /** The last destination that was reached says this. */
    void siteSays(byte[] piece) {
        HttpSite site = sites.peekLast();
        if (site != null && site.says(piece)) {
            answered.writeBytes(piece);
        }
        program.goOn();
    }

    void siteEnds(boolean inOrder) {
        HttpSite site = sites.peekLast();
        if (site != null) {
            site.ends(inOrder);
        }
        program.goOn();
    }

    /** Looks at everything that was said. */
    void verify() {
        String words = said.toString(StandardCharsets.UTF_8);
        for (HttpSite site : sites) {
            assertThat(NamedDestinations.contain(words, site.destination()))
                    .as("a request names %s", site.destination())
                    .isTrue();
        }
        String heard = new String(program.heard(), StandardCharsets.ISO_8859_1);
        for (String page : OWN_PAGES) {
            if (heard.contains(page)
                    && !answered.toString(StandardCharsets.ISO_8859_1).contains(page)
                    && !words.contains(page)) {
                assertThat(words).as("who reads a page of the door").containsPattern(OWN_HOST);
            }
        }
        Deque<HttpRequest> asked = requests();
        boolean mayTunnel = asked.stream().anyMatch(each -> each.method().equals(HttpMethod.CONNECT));
        verifyAnswers(asked);
        sites.forEach(each -> each.verify(mayTunnel));
    }

    /** Ends everything, so that nothing is held any more. */
    void end() {
        program.ends();
        sites.forEach(each -> each.ends(false));
        program.goOn();
        program.close();
        program.goOn();
        gateway.close();
        program.finishAndReleaseAll();
        requests.finishAndReleaseAll();
    }

    private void verifyAnswers(Deque<HttpRequest> asked) {
        MessageBounds answers = MessageBounds.of(program.heard(), line -> bodyOf(line, asked));
        if (answers.endInside()) {
            assertThat(program.endedInOrder())
                    .as("an answer that is not whole ended in order: %s", answers.firstLines())
                    .isFalse();
        }
    }

    /** RFC 9110 sections 6.4.1 and 9.3.6. */
    private static MessageBounds.Body bodyOf(String line, Deque<HttpRequest> asked) {
        String status = line.split(" ", -1)[1];
        if (status.equals("101")) {
            return MessageBounds.Body.OTHER_PROTOCOL;
        }
        if (status.startsWith("1")) {
            return MessageBounds.Body.NONE;
        }
        assertThat(asked).as("requests that are not answered yet, at %s", line).isNotEmpty();
        HttpRequest request = asked.remove();
        if (request.method().equals(HttpMethod.CONNECT) && status.startsWith("2")) {
            return MessageBounds.Body.OTHER_PROTOCOL;
        }
        if (request.method().equals(HttpMethod.HEAD) || status.equals("204") || status.equals("304")) {
            return MessageBounds.Body.NONE;
        }
        boolean old = !request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        return old ? MessageBounds.Body.AS_FRAMED_OR_ALL : MessageBounds.Body.AS_FRAMED;
    }

    private Deque<HttpRequest> requests() {
        Deque<HttpRequest> found = new ArrayDeque<>();
        for (Object part = requests.readInbound(); part != null; part = requests.readInbound()) {
            if (part instanceof HttpRequest request) {
                found.add(request);
            }
            ReferenceCountUtil.release(part);
        }
        return found;
    }

    /** Every stream leads to a site of its own. */
    private final class Everywhere implements MemoryStream.Site {
        @Override
        public void opened(MemoryStream stream) {
            HttpSite site = making.apply(stream);
            sites.add(site);
            site.opened();
        }

        @Override
        public void heard(MemoryStream stream, byte[] bytes) {
            sites.stream().filter(each -> each.isAt(stream)).forEach(each -> each.hears(bytes));
        }
    }
}

package holdfast.client.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The two pages of the front door: what this is, and a PAC file. Nothing here changes state, and only those get an answer who name the listener as itself:
 * a page elsewhere whose name was made to point here (DNS rebinding) learns nothing.
 */
final class OwnPages {
    private OwnPages() {}

    /**
     * The answer to a request for the front door itself.
     *
     * @param listener where the request came in
     * @param host the Host header
     */
    static HttpAnswer answer(SocketAddress listener, HttpMethod method, String path, @Nullable String host)
            throws HttpRefusal {
        if (host == null || !isOwnName(listener, host)) {
            throw new HttpRefusal(HttpResponseStatus.MISDIRECTED_REQUEST, "This is a proxy, and that is not its name.");
        }
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            return HttpAnswer.of(HttpResponseStatus.METHOD_NOT_ALLOWED).header("Allow", "GET, HEAD");
        }
        String address = listener instanceof InetSocketAddress tcp ? NetUtil.toSocketAddressString(tcp) : null;
        if (path.equals("/")) {
            return HttpAnswer.of(HttpResponseStatus.OK)
                    .header("Content-Security-Policy", "default-src 'none'")
                    .body("text/html; charset=utf-8", help(address));
        }
        if (path.equals("/proxy.pac") && address != null) {
            return HttpAnswer.of(HttpResponseStatus.OK).body("application/x-ns-proxy-autoconfig", pac(address));
        }
        throw new HttpRefusal(HttpResponseStatus.NOT_FOUND, "There is nothing here; / says what this is.");
    }

    private static boolean isOwnName(SocketAddress listener, String hostHeader) {
        String host = hostHeader.toLowerCase(Locale.ROOT);
        if (!(listener instanceof InetSocketAddress tcp)) {
            return host.equals("localhost");
        }
        int colon = host.lastIndexOf(':') > host.lastIndexOf(']') ? host.lastIndexOf(':') : host.length();
        String port = colon == host.length() ? "80" : host.substring(colon + 1);
        String name = host.substring(0, colon);
        InetAddress own = tcp.getAddress();
        boolean named = name.equals("localhost")
                ? own.isLoopbackAddress()
                : own.equals(NetUtil.createInetAddressFromIpAddressString(name));
        return named && port.equals(Integer.toString(tcp.getPort()));
    }

    private static String help(@Nullable String address) {
        String use = address == null
                ? "<p>It listens at a Unix-domain socket: set it as a SOCKS5 or HTTP proxy in a program that can use one.</p>"
                : """
                  <p>Set it as SOCKS5 or HTTP proxy <code>%1$s</code>, or as automatic configuration <code>http://%1$s/proxy.pac</code>.</p>
                  <pre>curl -x socks5h://%1$s https://example.com/
                  curl -x http://%1$s https://example.com/</pre>
                  """.formatted(address);
        return """
               <!doctype html>
               <html lang="en"><head><meta charset="utf-8"><title>Holdfast</title></head>
               <body><h1>Holdfast</h1>
               <p>This is a local proxy. What goes through it leaves from its gateway; names are looked up there.</p>
               %s</body></html>
               """.formatted(use);
    }

    /** Nothing goes directly, and nothing in it asks for an address: a name must not be looked up here. */
    private static String pac(String address) {
        return """
               function FindProxyForURL(url, host) {
                 return "PROXY %1$s; SOCKS5 %1$s";
               }
               """.formatted(address);
    }
}

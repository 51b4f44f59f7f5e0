package holdfast.client.environment;

import holdfast.protocol.Destination;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The variables by which programs learn of a proxy.
 *
 * @param door where it listens
 * @param proxyCommand what ssh takes as ProxyCommand
 * @param direct hosts that programs may reach without the proxy
 */
public record ProxyEnvironment(Destination.Ip door, String proxyCommand, List<String> direct) {
    /**
     * All variables; empty ones among them, since what the user had set would lead around the proxy.
     *
     * @param javaOptions what JAVA_TOOL_OPTIONS has said before; it stays
     */
    public Map<String, String> variables(String javaOptions) {
        String http = "http://" + door;
        String socks = "socks5h://" + door;
        Map<String, String> variables = new LinkedHashMap<>();
        both(variables, "http_proxy", http);
        both(variables, "https_proxy", http);
        // FTP needs connections of its own, which an HTTP proxy could not be asked for in one request.
        both(variables, "ftp_proxy", socks);
        both(variables, "all_proxy", socks);
        both(variables, "no_proxy", String.join(",", direct));
        variables.put("RSYNC_PROXY", door.toString());
        variables.put("GIT_SSH_COMMAND", ssh());
        variables.put("RSYNC_RSH", ssh());
        variables.put("HOLDFAST_PROXY_COMMAND", proxyCommand);
        variables.put("JAVA_TOOL_OPTIONS", (javaOptions + " " + java()).strip());
        return variables;
    }

    private static void both(Map<String, String> variables, String name, String value) {
        variables.put(name, value);
        variables.put(name.toUpperCase(Locale.ROOT), value);
    }

    private String ssh() {
        return "ssh -o " + ShellText.quoted("ProxyCommand=" + proxyCommand);
    }

    /** SOCKS for what has sockets of its own; its URLs go by HTTP, which leaves their names to the proxy where Java's SOCKS would look them up first. */
    private String java() {
        String host = door.address().getHostAddress();
        String list = direct.stream()
                .map(each -> each.startsWith(".") ? "*" + each : each)
                .collect(Collectors.joining("|"));
        return Arrays.stream(new String[] {"socksProxy", "http.proxy", "https.proxy"})
                        .map(each -> "-D" + each + "Host=" + host + " -D" + each + "Port=" + door.port())
                        .collect(Collectors.joining(" "))
                + " -DsocksNonProxyHosts=" + list + " -Dhttp.nonProxyHosts=" + list;
    }
}

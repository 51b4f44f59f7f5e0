package holdfast.client.config;

import holdfast.client.dialer.PathRule;
import holdfast.client.door.AllowedUsers;
import holdfast.client.door.ListenAddress;
import holdfast.client.gateways.GatewayRule;
import holdfast.client.gateways.Via;
import holdfast.client.opening.OpenMode;
import holdfast.console.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@code client.toml} says under {@code [run]}: the options of {@code proxy-client run} that are to hold every time.
 *
 * @param listen {@code -D}
 * @param local {@code -L}
 * @param remote {@code -R}
 * @param paths {@code --path}
 * @param open {@code --open}; null if it is not set
 * @param passwordFile {@code --password-file}; null if it is not set
 * @param protocol {@code --protocol}; null if it is not set
 * @param allowUsers {@code --allow-user}
 * @param redirect {@code --redirect}
 * @param tproxy {@code --tproxy}
 * @param dns {@code --dns}
 * @param profile {@code --profile}; empty if it is not set
 * @param via {@code --via}
 * @param gateways {@code --gateway}
 */
public record RunSettings(
        List<ListenAddress> listen,
        List<ForwardSpec.Local> local,
        List<ForwardSpec> remote,
        List<PathRule> paths,
        @Nullable OpenMode open,
        @Nullable Path passwordFile,
        @Nullable GatewayProtocol protocol,
        List<String> allowUsers,
        List<ListenAddress.Tcp> redirect,
        List<ListenAddress.Tcp> tproxy,
        List<ListenAddress.Tcp> dns,
        List<String> profile,
        List<Via> via,
        List<GatewayRule> gateways) {
    /** Nothing is set. */
    static final RunSettings NONE = read(Settings.parse("", ""));

    /**
     * Reads the table.
     *
     * @throws holdfast.console.FatalException 78 with the place of what is wrong
     */
    static RunSettings read(Settings run) {
        return new RunSettings(
                run.list("listen", ListenAddress::parse),
                run.list("local", ForwardSpec::local),
                run.list("remote", ForwardSpec::remote),
                run.list("paths", PathRule::parse),
                run.text("open", RunSettings::mode),
                run.text("password-file", Path::of),
                run.text("protocol", GatewayProtocol::parse),
                run.list("allow-users", RunSettings::user),
                ports(run, "redirect"),
                ports(run, "tproxy"),
                ports(run, "dns"),
                Objects.requireNonNullElse(run.text("profile", GatewayRule::names), List.of()),
                run.list("via", Via::parse),
                run.list("gateways", GatewayRule::parse));
    }

    private static List<ListenAddress.Tcp> ports(Settings run, String key) {
        return run.list(key, LoopbackPorts::parse).stream()
                .flatMap(each -> each.addresses().stream())
                .toList();
    }

    private static OpenMode mode(String text) {
        for (OpenMode each : OpenMode.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
                return each;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is none of auto, fast, confirm");
    }

    private static String user(String name) {
        AllowedUsers.of(List.of(name));
        return name;
    }
}

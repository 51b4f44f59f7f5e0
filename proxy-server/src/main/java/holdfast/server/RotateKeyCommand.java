package holdfast.server;

import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.console.HelpOption;
import holdfast.identity.Identity;
import holdfast.server.config.ServerHome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rotate-key}: changes the gateway's key in two steps, so that clients can follow. */
@Command(
        name = "rotate-key",
        description = {
            "Change the gateway's key. First without an option: a new key is made, and clients that have a session learn it.",
            "They accept both from then on. When all have been there, with --finish: the gateway uses the new key.",
            "A client that was away all the time needs a new invitation. This works while the gateway runs."
        })
final class RotateKeyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private GatewayHomeOption home = new GatewayHomeOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--finish", description = "Use the new key from now on.")
    private boolean finish;

    @Option(names = "--cancel", description = "Forget the new key.")
    private boolean cancel;

    @Override
    public Integer call() throws IOException {
        ServerHome gateway = home.gateway();
        PrintWriter out = spec.commandLine().getOut();
        if (finish && cancel) {
            throw new FatalException(ExitCode.USAGE, "either --finish or --cancel");
        }
        if (!finish && !cancel) {
            start(gateway, out);
            return 0;
        }
        if (!Files.exists(gateway.nextKey())) {
            throw new FatalException(ExitCode.USAGE, "no new key was made; start with  proxy-server rotate-key");
        }
        if (finish) {
            requireOwnKey(gateway);
            // The old one is kept: whoever needs it to go back has lost nothing.
            Files.copy(
                    gateway.key(),
                    gateway.retiredKey(),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
            Files.move(gateway.nextKey(), gateway.key(), StandardCopyOption.ATOMIC_MOVE);
            out.println("the gateway's key is now " + gateway.identity().pin());
            out.println(
                    "the old one is kept in " + gateway.retiredKey() + "; remove it when every client has been here");
        } else {
            Files.delete(gateway.nextKey());
            out.println("the gateway keeps its key " + gateway.identity().pin());
        }
        return 0;
    }

    /** What systemd brought cannot be replaced here. */
    private static void requireOwnKey(ServerHome gateway) {
        if (!gateway.key().startsWith(gateway.folder())) {
            throw new FatalException(
                    ExitCode.USAGE,
                    "the gateway's key is brought by systemd; put " + gateway.nextKey()
                            + " where LoadCredential= takes it from, and restart the gateway");
        }
    }

    private static void start(ServerHome gateway, PrintWriter out) throws IOException {
        Identity present = gateway.identity();
        if (!Files.exists(gateway.nextKey())) {
            Identity.create("holdfast gateway", new SecureRandom()).save(gateway.nextKey());
        }
        out.println("the gateway's key is     " + present.pin());
        gateway.nextIdentity().ifPresent(next -> out.println("and is going to be       " + next.pin()));
        out.println("Clients learn the new one in their sessions. Then run  proxy-server rotate-key --finish");
    }
}

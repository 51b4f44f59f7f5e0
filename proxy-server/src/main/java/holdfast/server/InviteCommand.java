package holdfast.server;

import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.console.HelpOption;
import holdfast.identity.Identity;
import holdfast.identity.Invitation;
import holdfast.identity.UserName;
import holdfast.server.config.GatewayConfig;
import holdfast.server.config.ServerHome;
import holdfast.server.users.Invitations;
import holdfast.server.users.User;
import holdfast.server.users.UserDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code invite}: prints the URL that lets a client in. */
@Command(
        name = "invite",
        description = {
            "Print an invitation, one URL, with which a client becomes one of the user's.",
            "It is a secret until it is used or has expired. This works while the gateway runs."
        })
final class InviteCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private GatewayHomeOption home = new GatewayHomeOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(paramLabel = "NAME", description = "The user; a new one, or one who gets a further device.")
    private String user = "";

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            description = "How long the invitation works, as 30m, 24h or 7d. Default: 24h.")
    private Duration life = Duration.ofHours(24);

    @Option(names = "--uses", paramLabel = "COUNT", description = "How many clients it lets in. Default: 1.")
    private int uses = 1;

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            description = "Put the user into this group of gateway.toml, at once; may be repeated.")
    private List<String> groups = List.of();

    @Override
    public Integer call() throws IOException {
        String name = requireLegalName();
        ServerHome gateway = home.gateway();
        GatewayConfig config = GatewayConfig.read(gateway.config());
        Identity identity = gateway.identity();
        UserDirectory users = home.users();
        if (users.user(name).filter(User::disabled).isPresent()) {
            throw new FatalException(
                    ExitCode.CONFIG, user + " is disabled; let him in again with  proxy-server user enable " + user);
        }
        for (String each : groups) {
            home.requireGroup(each);
        }
        Invitations.Code code = create(home.invitations(users));
        for (String each : groups) {
            users.addToGroup(name, each);
        }
        Invitation invitation = new Invitation(
                config.addresses(),
                identity.pin(),
                gateway.nextIdentity().map(Identity::pin),
                user,
                code.code(),
                code.expiry());
        spec.commandLine().getOut().println(invitation.toUrl());
        return 0;
    }

    private String requireLegalName() {
        try {
            return UserName.require(user);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private Invitations.Code create(Invitations invitations) throws IOException {
        try {
            return invitations.create(user, life, uses);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--uses: " + e.getMessage(), e);
        }
    }
}

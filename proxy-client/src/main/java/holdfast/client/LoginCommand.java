package holdfast.client;

import holdfast.client.config.Account;
import holdfast.client.config.ClientHome;
import holdfast.client.config.DeviceName;
import holdfast.client.gateways.Login;
import holdfast.client.gateways.Via;
import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.console.HelpOption;
import holdfast.console.LogOptions;
import holdfast.console.Logs;
import holdfast.identity.Identity;
import holdfast.identity.Invitation;
import holdfast.protocol.PathStanding;
import holdfast.transport.TransportOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code login}: introduces this client to a gateway. */
@Command(
        name = "login",
        description = {
            "Log in to a gateway with an invitation: make this client's key and have it listed there.",
            "A key that is there already is kept."
        })
final class LoginCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "URL",
            description =
                    "The invitation, as  proxy-server invite  printed it; - reads it from stdin, where no other user"
                            + " sees it.")
    private String url = "";

    @Mixin
    private ClientHomeOption home = new ClientHomeOption();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = {
                "Keep this login beside others, under this name, for  run --profile,  --via  and  --gateway.",
                "It has a key of its own. Without a name it is the one that  run  uses when nothing else is said."
            })
    private String name = Login.DEFAULT;

    @Option(
            names = "--via",
            paramLabel = "NAME[,NAME]...",
            description = {
                "Reach the gateway through those of other logins, the nearest first, as  run --via  does.",
                "Without it logging in is done directly."
            })
    private Via way = Via.DIRECTLY;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description = "What the gateway's list calls this device. Default: the machine's name.")
    private String device = DeviceName.ofThisMachine();

    @Mixin
    private TransportOptions transport = new TransportOptions();

    @Mixin
    private LogOptions log = new LogOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() throws IOException {
        Invitation invitation = invitation();
        requireNotExpired(invitation, Instant.now().truncatedTo(ChronoUnit.SECONDS));
        if (!Login.isName(name)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--name: '" + name
                            + "' is not a login's name: 1 to 64 letters, digits, '.', '_' and '-', and not 'direct'");
        }
        if (way.relays().contains(name) || way.standing() != PathStanding.ACTIVE) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--via: '" + way
                            + "' is to be names of other logins, with a comma between them and nothing behind");
        }
        ClientHome client = home.home().profile(name);
        EnrolmentWay.Relays relays = EnrolmentWay.Relays.of(way, home.home());
        Logs logs = log.startForCommand();
        Account account;
        try {
            Identity identity = client.createIdentity(new SecureRandom());
            account = Enrolment.enrol(identity, invitation, device, relays, transport.transport(), transport.tls());
        } finally {
            logs.close();
        }
        account.write(client.config());
        spec.commandLine()
                .getOut()
                .println("Logged in as " + account.user() + ". Now start  proxy-client run" + options());
        return 0;
    }

    private String options() {
        return (name.equals(Login.DEFAULT) ? "" : " --profile " + name)
                + (way.relays().isEmpty() ? "" : " --via " + way);
    }

    private Invitation invitation() throws IOException {
        String text = url.equals("-") ? firstLineOfInput() : url;
        try {
            return Invitation.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "this is not a whole invitation: " + e.getMessage(), e);
        }
    }

    private static String firstLineOfInput() throws IOException {
        String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        return line == null ? "" : line;
    }

    private static void requireNotExpired(Invitation invitation, Instant now) {
        if (invitation.isExpiredAt(now)) {
            throw new FatalException(
                    ExitCode.REFUSED,
                    "the invitation expired at " + invitation.expiry() + " (it is " + now
                            + " by this machine's clock); ask for a new one:  proxy-server invite "
                            + invitation.user());
        }
    }
}

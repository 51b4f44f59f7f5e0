package holdfast.server;

import holdfast.identity.Identity;
import holdfast.protocol.Destination;
import holdfast.server.budget.UsageFile;
import holdfast.server.config.GatewayConfig;
import holdfast.server.config.LivePolicy;
import holdfast.server.config.ServerHome;
import holdfast.server.users.Invitations;
import holdfast.server.users.UserDirectory;
import holdfast.transport.TlsProvider;
import holdfast.transport.TransportKind;
import org.jspecify.annotations.Nullable;

/**
 * All that a gateway needs to serve; everything has been read and checked.
 *
 * @param home for the control socket
 * @param identity the gateway's key
 * @param config what the file and the command line say; its rules are those at the start, {@code policy} has those in force
 * @param users whose keys are let in; to be refreshed while serving
 * @param invitations for enrolment
 * @param policy what users may reach; to be refreshed while serving, closed by who made it
 * @param usage what users have transferred this month; saved while serving
 * @param admin where metrics and health are shown, null for nowhere
 * @param mtaTls whether clients may speak MTA-TLS, too
 * @param transport never AUTO
 * @param tls never AUTO
 */
record GatewayOptions(
        ServerHome home,
        Identity identity,
        GatewayConfig config,
        UserDirectory users,
        Invitations invitations,
        LivePolicy policy,
        UsageFile usage,
        Destination.@Nullable Ip admin,
        boolean mtaTls,
        TransportKind transport,
        TlsProvider tls) {}

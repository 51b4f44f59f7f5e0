package holdfast.server;

import holdfast.console.Program;
import holdfast.identity.Invitation;
import holdfast.protocol.Destination;
import picocli.CommandLine.ITypeConverter;

/** Reads what {@code why} is asked about: HOST:PORT, or the path of a Unix-domain socket. */
final class AskedDestination implements ITypeConverter<Destination> {
    @Override
    public Destination convert(String text) throws Exception {
        return Program.<Destination>converter(
                        each -> each.startsWith("/") ? new Destination.Unix(each) : Invitation.address(each))
                .convert(text);
    }
}

package holdfast.client;

import holdfast.client.door.ListenAddress;
import java.util.List;

/**
 * Where the kernel turns what programs do that know no proxy.
 *
 * @param redirect connections, by REDIRECT
 * @param tproxy connections, by TPROXY
 * @param dns questions for names
 */
record TurnedPorts(List<ListenAddress.Tcp> redirect, List<ListenAddress.Tcp> tproxy, List<ListenAddress.Tcp> dns) {
    TurnedPorts {
        redirect = List.copyOf(redirect);
        tproxy = List.copyOf(tproxy);
        dns = List.copyOf(dns);
    }
}

package holdfast.server.destination;

import holdfast.server.policy.Verdict;

/** Whether a user may have a connection made to a Unix-domain socket; {@link holdfast.server.policy.Policy#path} in the gateway. Any thread. */
@FunctionalInterface
public interface PathCheck {
    /** The verdict. */
    Verdict check(String user, String path);
}

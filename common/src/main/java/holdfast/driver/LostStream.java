package holdfast.driver;

import holdfast.protocol.OpenRequest;

/**
 * A stream that had not ended when its session did.
 *
 * @param id its number
 * @param request what it was opened for
 * @param undelivered bytes of this end that the peer had not acknowledged
 */
public record LostStream(long id, OpenRequest request, long undelivered) {}

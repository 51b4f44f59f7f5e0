package holdfast.server.destination;

import holdfast.protocol.ErrorCode;

/**
 * Why a destination was not reached.
 *
 * @param code for the SOCKS reply
 * @param text for a person
 */
public record Refusal(ErrorCode code, String text) {}

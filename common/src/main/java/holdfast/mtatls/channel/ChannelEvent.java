package holdfast.mtatls.channel;

import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;

/** What happened to a channel. */
public sealed interface ChannelEvent {
    MtaChannel channel();

    /** The other end asks for a channel: to be accepted or rejected, now or later. */
    record Requested(MtaChannel channel, Destination destination) implements ChannelEvent {}

    /** The other end has granted the channel. */
    record Accepted(MtaChannel channel) implements ChannelEvent {}

    /** The other end has refused the channel; it is over. */
    record Rejected(MtaChannel channel, ErrorCode code, String text) implements ChannelEvent {}

    /** There is something to read, or the end of it. */
    record Arrived(MtaChannel channel) implements ChannelEvent {}

    /** The bytes that wait are below the low-water mark again. */
    record Writable(MtaChannel channel) implements ChannelEvent {}

    /** The other end has closed: it takes nothing more; what it wrote before can still be read. */
    record Stopped(MtaChannel channel) implements ChannelEvent {}

    /** Nothing more comes, and it is not certain that all came. */
    record Reset(MtaChannel channel, ErrorCode code) implements ChannelEvent {}
}

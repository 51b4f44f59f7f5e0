package holdfast.mtatls.message;

import io.netty.buffer.ByteBuf;

/** One message of MTA-TLS (docs/mta-tls.md, "Messages"). */
public sealed interface Message
        permits ChannelEstablishmentRequest,
                ChannelEstablishmentSuccess,
                ChannelRequestEchec,
                ChannelCloseRequest,
                ChannelCloseConfirmation,
                MtaTlsPlaintext,
                NewMaxPacketLength,
                Acknowledgment {
    /** Type and 2-byte length, before every message but {@link MtaTlsPlaintext}. */
    int HEADER_BYTES = 3;

    /** The number in its first byte, 1 to 8. */
    int type();

    /** Bytes on the wire, header included. */
    int size();

    /** Appends the message. Borrows {@code out}, and keeps what the message owns. */
    void write(ByteBuf out);

    /** Gives up what the message owns; to be called by whoever does not use it otherwise. */
    default void release() {}
}

package holdfast.client.door;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Asks the kernel whose one TCP connection is (man 7 sock_diag): it looks in the one place where the connection would be, some twenty microseconds, where reading
 * its whole table takes milliseconds. The kernel answers while it takes the question, so nothing here blocks. Belongs to one thread.
 */
final class SocketDiag implements AutoCloseable {
    /** Type of both question and answer, SOCK_DIAG_BY_FAMILY of linux/sock_diag.h. */
    private static final short BY_FAMILY = 20;

    private static final short NLM_F_REQUEST = 1;
    private static final short NLMSG_ERROR = 2;
    private static final int HEADER = 16;
    private static final int TYPE_AT = 4;
    private static final int SEQUENCE_AT = 8;

    /** {@code struct inet_diag_req_v2} of linux/inet_diag.h with the header before it. */
    private static final int QUESTION = HEADER + 56;

    /** {@code struct inet_diag_msg} with the header before it. */
    private static final int ANSWER = HEADER + 72;

    private static final int STATE_AT = HEADER + 1;
    private static final int PORT_AT = HEADER + 4;
    private static final int USER_AT = HEADER + 64;
    private static final int INODE_AT = HEADER + 68;

    private static final byte AF_INET = 2;
    private static final byte AF_INET6 = 10;
    private static final byte IPPROTO_TCP = 6;
    private static final byte LISTENING = 10;
    private static final int ALL_STATES = -1;
    private static final int NO_COOKIE = -1;
    private static final int ADDRESS = 16;
    private static final int ENOENT = 2;
    private static final int ROOM = 8192;

    private final FileDescriptor socket;
    private final ByteBuffer question = ByteBuffer.allocateDirect(QUESTION).order(ByteOrder.nativeOrder());
    private final ByteBuffer answer = ByteBuffer.allocateDirect(ROOM).order(ByteOrder.nativeOrder());
    private int sequence;

    /** @param socket of {@link NetlinkSocket}; takes ownership */
    SocketDiag(FileDescriptor socket) {
        this.socket = socket;
    }

    /**
     * The number of the user who holds the program's end of a connection, or {@link SocketOwners#GONE} if nobody does.
     *
     * @throws IOException if the kernel does not answer that: another way has to be gone
     */
    int ownerOf(InetSocketAddress program, InetSocketAddress door) throws IOException {
        if (program.getAddress() instanceof Inet6Address local && local.isLinkLocalAddress()) {
            throw new IOException("the address " + local + " is one of each link");
        }
        ask(program, door);
        // What is still there from a question that was given up is not the answer to this one.
        do {
            answer.clear();
            int count = socket.read(answer, 0, ROOM);
            if (count < HEADER) {
                throw new IOException("no answer: " + count);
            }
            answer.limit(count);
        } while (answer.getInt(SEQUENCE_AT) != sequence);
        return told(program.getPort());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void ask(InetSocketAddress program, InetSocketAddress door) throws IOException {
        question.clear();
        question.putInt(QUESTION)
                .putShort(BY_FAMILY)
                .putShort(NLM_F_REQUEST)
                .putInt(++sequence)
                .putInt(0);
        boolean isIp6 = program.getAddress() instanceof Inet6Address;
        question.put(isIp6 ? AF_INET6 : AF_INET)
                .put(IPPROTO_TCP)
                .putShort((short) 0)
                .putInt(ALL_STATES);
        port(program.getPort());
        port(door.getPort());
        address(program.getAddress());
        address(door.getAddress());
        question.putInt(0).putInt(NO_COOKIE).putInt(NO_COOKIE);
        int written = socket.write(question, 0, QUESTION);
        if (written != QUESTION) {
            throw new IOException("the kernel took " + written + " of " + QUESTION + " bytes");
        }
    }

    private int told(int port) throws IOException {
        short type = answer.getShort(TYPE_AT);
        if (type == NLMSG_ERROR && answer.limit() >= HEADER + Integer.BYTES) {
            int error = -answer.getInt(HEADER);
            if (error == ENOENT) {
                return SocketOwners.GONE;
            }
            throw new IOException("error " + error);
        }
        if (type != BY_FAMILY || answer.limit() < ANSWER) {
            throw new IOException("an answer of type " + type + " and " + answer.limit() + " bytes");
        }
        // Where there is no such connection, the kernel tells of who listens there; an end that nobody holds any more
        // has no inode.
        boolean isHeld = answer.get(STATE_AT) != LISTENING
                && answer.get(PORT_AT) == (byte) (port >> Byte.SIZE)
                && answer.get(PORT_AT + 1) == (byte) port
                && answer.getInt(INODE_AT) != 0;
        return isHeld ? answer.getInt(USER_AT) : SocketOwners.GONE;
    }

    /** Ports are in network order, everything else is in the machine's. */
    private void port(int port) {
        question.put((byte) (port >> Byte.SIZE)).put((byte) port);
    }

    private void address(InetAddress address) {
        byte[] bytes = address.getAddress();
        question.put(bytes);
        for (int i = bytes.length; i < ADDRESS; i++) {
            question.put((byte) 0);
        }
    }
}

package holdfast.server.destination;

import holdfast.protocol.ErrorCode;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Resolves names with the system's resolver, off the event loops, a bounded number at once.
 *
 * <p>What the system would take for an address in another spelling ({@code 127.1}, {@code 0x7f.1}, {@code 2130706433}) is no name and is refused: an
 * address is written as an address.
 */
public final class Resolver implements AutoCloseable {
    private static final int THREADS = 16;
    private static final int QUEUE = 1024;
    private static final int MAX_NAME = 253;

    /** Labels of RFC 1035 section 2.3.1, with the underscore that many names in use have, and Unicode for the system to encode. */
    private static final Pattern NAME =
            Pattern.compile("(?:[\\p{L}\\p{N}_](?:[\\p{L}\\p{N}_-]{0,61}[\\p{L}\\p{N}_])?\\.)*"
                    + "[\\p{L}\\p{N}_](?:[\\p{L}\\p{N}_-]{0,61}[\\p{L}\\p{N}_])?\\.?");

    /** A last label of digits, or of hex digits behind 0x, is how the old spellings of addresses end. */
    private static final Pattern ADDRESS_LIKE = Pattern.compile(".*(?:^|\\.)(?:[0-9]+|0[xX][0-9a-fA-F]*)\\.?");

    private final ExecutorService threads;

    public Resolver() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE), Resolver::thread);
        pool.allowCoreThreadTimeOut(true);
        this.threads = pool;
    }

    /** What came of it; exactly one is called, on any thread. */
    interface Answer {
        void addresses(List<InetAddress> addresses);

        void failed(Refusal refusal);
    }

    void resolve(String host, Answer answer) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal != null) {
            answer.addresses(List.of(address(literal)));
            return;
        }
        if (host.length() > MAX_NAME
                || !NAME.matcher(host).matches()
                || ADDRESS_LIKE.matcher(host).matches()) {
            answer.failed(new Refusal(ErrorCode.NAME_NOT_FOUND, "'" + host + "' is not a host name"));
            return;
        }
        try {
            threads.execute(() -> lookUp(host, answer));
        } catch (RejectedExecutionException e) {
            answer.failed(new Refusal(ErrorCode.LIMIT_REACHED, "the gateway is looking up too many names"));
        }
    }

    private static void lookUp(String host, Answer answer) {
        List<InetAddress> found;
        try {
            found = List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            answer.failed(new Refusal(ErrorCode.NAME_NOT_FOUND, "the name " + host + " is not known"));
            return;
        }
        answer.addresses(found);
    }

    private static InetAddress address(byte[] literal) {
        try {
            return InetAddress.getByAddress(literal);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "resolver");
        thread.setDaemon(true);
        return thread;
    }
}

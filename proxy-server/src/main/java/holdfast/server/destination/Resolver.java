package holdfast.server.destination;

import holdfast.protocol.ErrorCode;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Resolves names by the operating system's resolver, which waits, on threads of its own. Who asks for a name that is being asked for already shares
 * the answer if it is the same user, so a slow name holds one thread however often it is wanted, and one user's names a few only.
 */
public final class Resolver implements AutoCloseable {
    private static final int THREADS = 64;
    /** Of the threads one user has so many, so that his slow names are nobody else's. */
    private static final int THREADS_OF_ONE = 12;

    /** So many more may wait: of one user, and of all. */
    private static final int QUEUE = 256;

    private static final long IDLE_SECONDS = 30;
    private static final long TIMEOUT_MILLIS = 5_000;

    private final NameLookup lookup;
    private final ThreadPoolExecutor threads;
    private final FairTurns turns;
    private final long timeoutMillis;
    private final ConcurrentHashMap<Asked, CompletableFuture<List<InetAddress>>> underWay = new ConcurrentHashMap<>();

    /** By the operating system; 64 names at once and of one user 12, 256 waiting of one and of all, 5 s for an answer. */
    public Resolver() {
        this(InetAddress::getAllByName, THREADS, QUEUE, TIMEOUT_MILLIS);
    }

    Resolver(NameLookup lookup, int threads, int queue, long timeoutMillis) {
        this.lookup = lookup;
        this.timeoutMillis = timeoutMillis;
        this.threads = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queue),
                new DefaultThreadFactory("names", true));
        this.threads.allowCoreThreadTimeOut(true);
        this.turns = new FairTurns(this.threads, Math.min(threads, THREADS_OF_ONE), queue);
    }

    /** Users do not share answers: whose name waits behind slow ones would make others wait. */
    private record Asked(String user, String name) {}

    /** Told on the event loop, once. */
    interface Answer {
        /** One address or more. */
        void onAddresses(List<InetAddress> addresses);

        void onRefused(Refusal refusal);
    }

    /**
     * Asks for the addresses of a name.
     *
     * @param user who wants to know
     * @param name from {@link HostText#name}
     * @param loop where the answer is told
     */
    void resolve(String user, String name, EventLoop loop, Answer answer) {
        CompletableFuture<List<InetAddress>> shared;
        try {
            shared = underWay.computeIfAbsent(new Asked(user, name), this::start);
        } catch (RejectedExecutionException e) {
            Refusal full = new Refusal(ErrorCode.LIMIT_REACHED, "the gateway is resolving too many names");
            loop.execute(() -> answer.onRefused(full));
            return;
        }
        Question question = new Question(name, answer);
        question.timeout = loop.schedule(question::expire, timeoutMillis, TimeUnit.MILLISECONDS);
        shared.whenComplete((addresses, failure) -> loop.execute(() -> question.settle(addresses, failure)));
    }

    /** Ends the threads; what is under way is not answered. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    private CompletableFuture<List<InetAddress>> start(Asked asked) {
        CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
        long since = System.nanoTime();
        Runnable late = () -> {
            underWay.remove(asked, answer);
            answer.completeExceptionally(new TimeoutException());
        };
        Runnable work = () -> {
            if (System.nanoTime() - since > TimeUnit.MILLISECONDS.toNanos(timeoutMillis)) {
                late.run();
            } else {
                lookUp(asked, answer);
            }
        };
        turns.execute(asked.user(), work, late);
        return answer;
    }

    private void lookUp(Asked asked, CompletableFuture<List<InetAddress>> answer) {
        try {
            List<InetAddress> addresses = List.of(lookup.addressesOf(asked.name()));
            underWay.remove(asked, answer);
            answer.complete(addresses);
        } catch (UnknownHostException | RuntimeException e) {
            underWay.remove(asked, answer);
            answer.completeExceptionally(e);
        }
    }

    private static Refusal notFound(String name) {
        return new Refusal(ErrorCode.NAME_NOT_FOUND, "no address of " + name + " was found");
    }

    private static Refusal tooSlow(String name) {
        return new Refusal(ErrorCode.TIMED_OUT, "no answer to the question for the addresses of " + name);
    }

    /** One caller's wait for a shared answer; on its event loop. */
    private static final class Question {
        private final String name;
        private final Answer answer;
        private @Nullable ScheduledFuture<?> timeout;
        private boolean answered;

        Question(String name, Answer answer) {
            this.name = name;
            this.answer = answer;
        }

        void expire() {
            if (!answered) {
                answered = true;
                answer.onRefused(tooSlow(name));
            }
        }

        void settle(@Nullable List<InetAddress> addresses, @Nullable Throwable failure) {
            if (answered) {
                return;
            }
            answered = true;
            if (timeout != null) {
                timeout.cancel(false);
            }
            if (addresses != null) {
                answer.onAddresses(addresses);
            } else {
                answer.onRefused(failure instanceof TimeoutException ? tooSlow(name) : notFound(name));
            }
        }
    }
}

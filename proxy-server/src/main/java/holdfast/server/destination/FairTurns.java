package holdfast.server.destination;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Lets each user have a few of many threads at a time; what he wants beyond waits for his own work only. Safe for all threads. */
final class FairTurns {
    private final Executor threads;
    private final int atOnce;
    private final int waiting;
    private final Map<String, Turn> turns = new HashMap<>();

    private record Work(Runnable run, Runnable dropped) {}

    /** One user's work. */
    private static final class Turn {
        private final Queue<Work> waiting = new ArrayDeque<>();
        private int running;
    }

    /**
     * Turns of threads.
     *
     * @param atOnce how many pieces of work a user may have under way
     * @param waiting how many more may wait
     */
    FairTurns(Executor threads, int atOnce, int waiting) {
        this.threads = threads;
        this.atOnce = atOnce;
        this.waiting = waiting;
    }

    /**
     * Runs the work now or later.
     *
     * @param dropped run instead, on any thread, if that turns out to be impossible later
     * @throws RejectedExecutionException if too much of the user's, or of everybody's, is under way already
     */
    synchronized void execute(String user, Runnable work, Runnable dropped) {
        Turn turn = turns.computeIfAbsent(user, any -> new Turn());
        if (turn.running >= atOnce) {
            if (turn.waiting.size() >= waiting) {
                throw new RejectedExecutionException();
            }
            turn.waiting.add(new Work(work, dropped));
            return;
        }
        try {
            start(user, turn, work);
        } catch (RejectedExecutionException e) {
            forgetIfIdle(user, turn);
            throw e;
        }
    }

    private void start(String user, Turn turn, Runnable work) {
        threads.execute(() -> {
            try {
                work.run();
            } finally {
                ended(user, turn);
            }
        });
        turn.running++;
    }

    private void ended(String user, Turn turn) {
        for (Work next = startNext(user, turn, true); next != null; next = startNext(user, turn, false)) {
            next.dropped().run();
        }
    }

    /** Starts what waits longest, and gives it back if no thread takes it. */
    private synchronized @Nullable Work startNext(String user, Turn turn, boolean oneEnded) {
        if (oneEnded) {
            turn.running--;
        }
        Work next = turn.waiting.poll();
        if (next != null) {
            try {
                start(user, turn, next.run());
                next = null;
            } catch (RejectedExecutionException e) {
                // The caller drops it, and asks for the one behind it.
            }
        }
        forgetIfIdle(user, turn);
        return next;
    }

    private void forgetIfIdle(String user, Turn turn) {
        if (turn.running == 0 && turn.waiting.isEmpty()) {
            turns.remove(user, turn);
        }
    }
}

package holdfast.simulation;

/**
 * What a program does with its end of a stream.
 *
 * @param toWrite bytes in all
 * @param maxWrite bytes at once
 * @param writePause nanoseconds between two writes
 * @param readPause nanoseconds between two reads
 * @param consumeAfter nanoseconds from reading bytes to having passed them on
 * @param finishesLast whether it ends its half only when the other half has ended
 * @param resetAtWritten abandons the stream when so many bytes were written, or -1
 * @param resetAtRead abandons the stream when so many bytes were read, or -1
 * @param resetAfter abandons the stream after so many nanoseconds, or -1
 * @param answerAfter acceptor: nanoseconds until it answers
 * @param rejects acceptor: whether the answer is no
 * @param datagrams how many it sends beside
 */
record Plan(
        long toWrite,
        int maxWrite,
        long writePause,
        long readPause,
        long consumeAfter,
        boolean finishesLast,
        long resetAtWritten,
        long resetAtRead,
        long resetAfter,
        long answerAfter,
        boolean rejects,
        int datagrams) {
    static final long NEVER = -1;

    /** The longest that a program pauses before it reads on, in nanoseconds. */
    static final long LONGEST_READ_PAUSE = 100 * Agenda.MILLIS;

    /** @param peerFinishesLast whether the other end waits for this one's end */
    static Plan draw(Dice dice, long maxBytes, boolean calm, boolean peerFinishesLast) {
        long toWrite = dice.weighted(1, 3, 6) == 0 ? 0 : dice.magnitude(1, maxBytes);
        boolean resets = !calm && dice.chance(0.15);
        int kind = resets ? dice.between(0, 2) : -1;
        return new Plan(
                toWrite,
                dice.magnitude(1 + (int) Math.min(toWrite / 50, 10_000), 40_000),
                dice.chance(0.3) ? dice.magnitude(1, 50) * Agenda.MILLIS : 0,
                dice.chance(0.2) ? dice.magnitude(1, 100) * Agenda.MILLIS : 0,
                dice.chance(0.2) ? dice.magnitude(1, 200) * Agenda.MILLIS : 0,
                !peerFinishesLast && dice.chance(0.2),
                kind == 0 ? dice.between(0, toWrite) : NEVER,
                kind == 1 ? dice.magnitude(1, maxBytes) : NEVER,
                kind == 2 ? dice.magnitude(1, 3000) * Agenda.MILLIS : NEVER,
                dice.chance(0.5) ? 0 : dice.magnitude(1, 500) * Agenda.MILLIS,
                !calm && dice.chance(0.05),
                0);
    }

    Plan withDatagrams(int count) {
        return new Plan(
                toWrite,
                maxWrite,
                writePause,
                readPause,
                consumeAfter,
                finishesLast,
                resetAtWritten,
                resetAtRead,
                resetAfter,
                answerAfter,
                rejects,
                count);
    }
}

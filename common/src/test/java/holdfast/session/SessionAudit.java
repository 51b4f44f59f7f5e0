package holdfast.session;

import holdfast.path.Path;
import holdfast.stream.Chunk;
import holdfast.stream.ReceiveHalf;
import holdfast.stream.SendHalf;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/** Counts again what a session counts as it goes, and looks whether it keeps to its bounds. */
public final class SessionAudit {
    /** What one frame may exceed a bound by, in bytes. */
    private static final long ONE_FRAME = 16_384;

    private SessionAudit() {}

    /** What must hold after any turn; quick. */
    public static void checkBounds(Session session, SessionConfig config) {
        Outbound outbound = session.streams().outbound();
        long bound = Math.max(config.replayMin(), config.replayMax()) + ONE_FRAME;
        require(outbound.outstandingBytes() >= 0, "negative bytes are unacknowledged");
        if (outbound.outstandingBytes() > bound) {
            require(false, outbound.outstandingBytes() + " bytes are unacknowledged");
        }
        require(outbound.outstandingPieces() <= Outbound.MAX_PIECES, "too many pieces are unacknowledged");
        require(session.streams().unsentBytes() >= 0, "negative bytes are unsent");
        long held = session.streams().receiveCredit().held();
        long holdMax = Math.max(config.holdMax(), config.sessionWindow());
        if (held < 0 || held > holdMax) {
            require(false, held + " received bytes are held");
        }
        require(session.pathTable().count() <= Math.max(8, config.maxPaths()), "too many paths");
    }

    /** What is counted in one place is the sum of what is in others; looks at every stream. */
    public static void checkSums(Session session) {
        Streams streams = session.streams();
        long unsent = 0;
        long held = 0;
        int runs = 0;
        for (Flow each : streams.all()) {
            SendHalf send = each.stream.send();
            ReceiveHalf receive = each.stream.receive();
            unsent += send.unsentBytes();
            held += receive.credit().held();
            runs += receive.gaps();
            if (receive.bufferedBytes() > receive.credit().held()) {
                require(
                        false,
                        receive.bufferedBytes() + " bytes of stream " + each.id() + " wait, "
                                + receive.credit().held() + " are counted");
            }
            if (receive.credit().received() > receive.credit().limit()) {
                require(false, "stream " + each.id() + " was sent more than its credit");
            }
        }
        requireEqual("unsent bytes", streams.unsentBytes(), unsent);
        requireEqual("held bytes", streams.receiveCredit().held(), held);
        requireEqual("runs behind gaps", streams.gaps().used(), runs);
        checkLogs(session);
    }

    private static void checkLogs(Session session) {
        Set<Chunk> chunks = Collections.newSetFromMap(new IdentityHashMap<>());
        Map<Flow, Integer> essentials = new HashMap<>();
        for (Path<Sent> each : session.pathTable().withRetired()) {
            each.log().forEach(item -> {
                if (item instanceof Sent.StreamBytes bytes) {
                    chunks.add(bytes.chunk());
                } else if (item instanceof Sent.StreamControl sent
                        && sent.control().isEssential()) {
                    essentials.merge(sent.flow(), 1, Integer::sum);
                }
            });
        }
        for (Flow each : session.streams().all()) {
            each.stream.send().forEachWaiting(chunks::add);
            int counted = essentials.getOrDefault(each, 0);
            if (each.essentialsOut != counted) {
                requireEqual("essential frames of " + each.id(), each.essentialsOut, counted);
            }
        }
        long outstanding = chunks.stream()
                .filter(each -> !each.isSettled())
                .mapToLong(Chunk::length)
                .sum();
        requireEqual("unacknowledged bytes", session.streams().outbound().outstandingBytes(), outstanding);
        long pieces = chunks.stream()
                .filter(each -> !each.isSettled() && each.length() > 0)
                .count();
        requireEqual("unacknowledged pieces", session.streams().outbound().outstandingPieces(), pieces);
    }

    /** What must hold when every stream has come to its end and everything was acknowledged. */
    public static void checkIdle(Session session) {
        checkIdle(session, 0);
    }

    /** The same with so many streams that are open and still. */
    static void checkIdle(Session session, int open) {
        Streams streams = session.streams();
        checkSums(session);
        requireEqual("streams", streams.count(), open);
        requireEqual("unsent bytes", streams.unsentBytes(), 0);
        requireEqual("held bytes", streams.receiveCredit().held(), 0);
        requireEqual("runs behind gaps", streams.gaps().used(), 0);
        require(streams.outbound().isIdle(), "something is still to be sent: " + streams.outbound());
        requireEqual("logs of lost paths", session.pathTable().waitingLogs(), 0);
        require(streams.peerIds().ranges() <= 1, streams.peerIds().ranges() + " ranges of stream numbers");
    }

    /** Whether nothing is left to do. */
    public static boolean isAtRest(Session session) {
        return session.streamCount() == 0
                && session.streams().outbound().isIdle()
                && session.pathTable().waitingLogs() == 0;
    }

    /** What a session is in the middle of. */
    public static String describe(Session session) {
        StringBuilder text = new StringBuilder(session.state() + ", " + session.streamCount() + " streams, unsent "
                + session.streams().unsentBytes() + ", held "
                + session.streams().receiveCredit().held() + ", session credit "
                + session.streams().sendCredit().available() + ", "
                + session.streams().outbound() + ", limbo "
                + session.pathTable().waitingLogs());
        for (Path<Sent> each : session.pathTable().all()) {
            text.append("\n    path ")
                    .append(each.id())
                    .append(' ')
                    .append(each.state())
                    .append(' ')
                    .append(each.standing())
                    .append(", out ")
                    .append(each.outstanding())
                    .append(", log ")
                    .append(each.log().size());
        }
        int shown = 0;
        for (Flow each : session.streams().all()) {
            if (shown++ < 5) {
                text.append("\n    ").append(each);
            }
        }
        return text.toString();
    }

    /** What one end has used of its credit is what the other has received, and all of it was given back. */
    public static void checkCredit(Session sender, Session receiver) {
        long used = sender.streams().sendCredit().used();
        requireEqual(
                "session credit used and received",
                used,
                receiver.streams().receiveCredit().received());
        requireEqual(
                "session credit received and consumed",
                used,
                receiver.streams().receiveCredit().consumed());
        require(
                receiver.streams().receiveCredit().limit() - used >= SessionConfig.INITIAL_SESSION_WINDOW / 2,
                "the session's credit has shrunk");
    }

    /** Both ends want the paths they share to be used alike. */
    public static void checkStandings(Session one, Session other) {
        for (Path<Sent> each : one.pathTable().all()) {
            Path<Sent> same = other.pathTable().get(each.id());
            require(
                    same == null || same.standing() == each.standing(),
                    "path " + each.id() + " is " + each.standing() + " at one end and not at the other");
        }
    }

    private static void requireEqual(String what, long found, long expected) {
        if (found != expected) {
            require(false, what + ": " + found + " but should be " + expected);
        }
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError("audit: " + what);
        }
    }
}

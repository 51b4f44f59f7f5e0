package holdfast.server.users;

import holdfast.identity.Pin;
import holdfast.identity.UserName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The content of an invitation's file: lines {@code user NAME}, {@code expires SECONDS}, {@code uses COUNT}, and {@code used PIN} for each key it
 * was used for.
 *
 * @param user whom keys are added to
 * @param expiry when it stops working
 * @param uses how many keys it may add in all
 * @param usedFor the keys it has added
 */
record PendingInvitation(String user, Instant expiry, int uses, List<Pin> usedFor) {
    /** The largest file that makes sense, in bytes. */
    static final int LIMIT = 1 << 20;

    /** The most keys one code may add. */
    static final int MAX_USES = 10_000;

    PendingInvitation {
        UserName.require(user);
        if (uses < 1 || uses > MAX_USES) {
            throw new IllegalArgumentException("a code has 1 to " + MAX_USES + " uses, not " + uses);
        }
        usedFor = List.copyOf(usedFor);
    }

    static PendingInvitation fresh(String user, Instant expiry, int uses) {
        return new PendingInvitation(user, expiry, uses, List.of());
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException if it is damaged
     */
    static PendingInvitation parse(String text) {
        String user = "";
        long expires = -1;
        int uses = 0;
        List<Pin> usedFor = new ArrayList<>();
        for (String line : text.lines().toList()) {
            int blank = line.indexOf(' ');
            String value = line.substring(blank + 1);
            switch (blank < 0 ? "" : line.substring(0, blank)) {
                case "user" -> user = value;
                case "expires" -> expires = Long.parseLong(value);
                case "uses" -> uses = Integer.parseInt(value);
                case "used" -> usedFor.add(Pin.parse(value));
                default -> throw new IllegalArgumentException("the line '" + line + "' is not understood");
            }
        }
        if (expires < 0) {
            throw new IllegalArgumentException("it has no expiry");
        }
        return new PendingInvitation(user, Instant.ofEpochSecond(expires), uses, usedFor);
    }

    String text() {
        StringBuilder out = new StringBuilder();
        out.append("user ").append(user).append('\n');
        out.append("expires ").append(expiry.getEpochSecond()).append('\n');
        out.append("uses ").append(uses).append('\n');
        usedFor.forEach(each -> out.append("used ").append(each).append('\n'));
        return out.toString();
    }

    boolean isExpiredAt(Instant now) {
        return !now.isBefore(expiry);
    }

    boolean isUsedUp() {
        return usedFor.size() >= uses;
    }

    boolean wasUsedBy(Pin key) {
        return usedFor.contains(key);
    }

    PendingInvitation usedBy(Pin key) {
        List<Pin> more = new ArrayList<>(usedFor);
        more.add(key);
        return new PendingInvitation(user, expiry, uses, more);
    }
}

package dev.tollbridge.bridge.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All that is known of one session at one moment. Changes make another one, which a store puts in
/// the place of this one or refuses.
///
/// @param number of the handle that may be used next, from 1
/// @param before number of the handle that the last answer was got with; 0: none yet
/// @param attempt digest of what the last request called itself; null: it did not
/// @param turned when the last answer was made: when somebody with the key was last heard
/// @param issued what it was given, by when that ends
/// @param last what the last answer gave, in case nobody got it
/// @param ended null: it goes on
public record SessionState(
        Opening opening,
        int number,
        int before,
        @Nullable String attempt,
        Instant turned,
        Map<String, Instant> issued,
        List<String> last,
        @Nullable Ended ended) {

    /// How often a session's holder has to be heard. Two in a row may not be missed.
    static final Duration HEARTBEAT = Duration.ofMinutes(5);

    /// For how long a lost answer may be asked for again: longer than any client waits for one, and
    /// than a bridge takes to start.
    static final Duration LOST_ANSWER = Duration.ofMinutes(2);

    /// That it is over, and that what it was given is being revoked.
    ///
    /// @param by who or what ended it, for the record
    /// @param since when somebody began to revoke what it was given
    public record Ended(SessionEnd why, String by, Instant since) {}

    public SessionState {
        issued = Map.copyOf(issued);
        last = List.copyOf(last);
    }

    static SessionState opened(Opening opening, Map<String, Instant> issued) {
        return new SessionState(opening, 1, 0, null, opening.opened(), issued, List.of(), null);
    }

    /// @param used number of the handle that was used
    /// @param next number of the handle that is given
    SessionState turn(int used, int next, @Nullable String as, Instant now) {
        return new SessionState(opening, next, used, as, now, lasting(now), List.of(), ended);
    }

    /// @param with number of the handle in the answer that gives these
    SessionState gave(int with, Map<String, Instant> more) {
        Map<String, Instant> all = new HashMap<>(issued);
        all.putAll(more);
        // Where the same attempt came again meanwhile, another answer is the last.
        List<String> newest = with == number ? List.copyOf(more.keySet()) : last;
        return new SessionState(opening, number, before, attempt, turned, all, newest, ended);
    }

    SessionState end(Ended end) {
        return new SessionState(opening, number, before, attempt, turned, issued, last, end);
    }

    /// What has not ended by itself.
    List<String> outstanding(Instant now) {
        return List.copyOf(lasting(now).keySet());
    }

    private Map<String, Instant> lasting(Instant now) {
        Map<String, Instant> lasting = new HashMap<>(issued);
        lasting.values().removeIf(end -> !end.isAfter(now));
        return lasting;
    }

    /// Whether a request for the handle before the newest is the same attempt at an answer that may
    /// have been lost: no later handle was used, it calls itself the same, and soon enough.
    ///
    /// @param shown number of the handle that it comes with
    /// @param as digest of what it calls itself
    boolean lostAnswer(int shown, @Nullable String as, Instant now) {
        return shown == before
                && as != null
                && attempt != null
                && MessageDigest.isEqual(bytes(as), bytes(attempt))
                && now.isBefore(turned.plus(LOST_ANSWER));
    }

    private static byte[] bytes(String digest) {
        return digest.getBytes(StandardCharsets.US_ASCII);
    }

    /// Why it is over, whether anybody has said so or not.
    ///
    /// @param listening since when the bridge can be heard: nobody missed a heartbeat before
    /// @return null: it goes on
    @Nullable SessionEnd over(Instant now, Instant listening) {
        if (ended != null) {
            return ended.why();
        }
        if (!now.isBefore(opening.ends())) {
            return SessionEnd.MAX;
        }
        Instant heard = turned.isAfter(listening) ? turned : listening;
        return now.isBefore(heard.plus(HEARTBEAT.multipliedBy(2))) ? null : SessionEnd.MISSED;
    }
}

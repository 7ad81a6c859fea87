package dev.tollbridge.bridge.session;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One session as this process knows it. Whoever changes it holds its monitor.
final class Session {

    private final Opening opening;

    /// Number of the handle that may be used next.
    private int number = 1;

    /// Number of the handle that the last answer was got with; 0: none yet.
    private int before;

    /// Digest of what the last request called itself; null: it did not.
    private @Nullable String attempt;

    /// When the last answer was made.
    private Instant turned;

    /// When somebody with the key was last heard.
    private Instant heard;

    private @Nullable SessionEnd ended;

    /// What it was issued, by when that ends.
    private final Map<String, Instant> issued = new HashMap<>();

    /// What the last answer gave, in case nobody got it.
    private List<String> last = List.of();

    Session(Opening opening) {
        this.opening = opening;
        this.turned = opening.opened();
        this.heard = opening.opened();
    }

    Opening opening() {
        return opening;
    }

    int number() {
        return number;
    }

    int before() {
        return before;
    }

    @Nullable String attempt() {
        return attempt;
    }

    Instant turned() {
        return turned;
    }

    Instant heard() {
        return heard;
    }

    void heard(Instant now) {
        heard = now;
    }

    @Nullable SessionEnd ended() {
        return ended;
    }

    void end(SessionEnd why) {
        ended = why;
    }

    /// @param used number of the handle that was used
    /// @param next number of the handle that is given
    void turn(int used, int next, @Nullable String as, Instant now) {
        before = used;
        number = next;
        attempt = as;
        turned = now;
        heard = now;
        last = List.of();
    }

    void issued(String issuance, Instant expires) {
        issued.put(issuance, expires);
    }

    void last(List<String> issuances) {
        last = issuances;
    }

    List<String> last() {
        return last;
    }

    /// What has not ended by itself.
    List<String> outstanding(Instant now) {
        issued.values().removeIf(end -> !end.isAfter(now));
        return List.copyOf(issued.keySet());
    }
}

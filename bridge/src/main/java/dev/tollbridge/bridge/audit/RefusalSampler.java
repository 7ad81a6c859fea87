package dev.tollbridge.bridge.audit;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Bounds how much of the record refusals of proven tokens may take: who holds one real token, long
/// expired, could otherwise write as many lines as they can send requests (DESIGN 14, rule 5).
///
/// In a window of ten seconds the first {@link #FREELY} lines of one reason for one subject are
/// written, and one in {@link #SAMPLE} of those that follow; the same for all subjects of an issuer
/// together, from {@link #FREELY_OF_ISSUER} on. What was left out is told in one line for each
/// issuer and reason once the window is over. Grants in shadow mode count like a reason.
public final class RefusalSampler {

    static final int FREELY = 50;
    static final int FREELY_OF_ISSUER = 1000;
    static final int SAMPLE = 64;

    private static final long WINDOW_SECONDS = 10;

    /// Subjects told apart in one window; those beyond share what their issuer has.
    private static final int SUBJECTS = 4096;

    private record Topic(AuditRecord.Kind kind, @Nullable String issuer, String about) {}

    private record Who(Topic topic, String who) {}

    private static final class Count {
        private int seen;
        private long leftOut;

        /// Of what was left out; null: nothing was yet.
        private @Nullable String who;

        private boolean several;
    }

    private final InstantSource clock;
    private final Map<Who, Count> subjects = new HashMap<>();
    private final Map<Topic, Count> issuers = new HashMap<>();
    private final List<AuditRecord> told = new ArrayList<>();
    private long window;
    private long leftOut;

    public RefusalSampler(InstantSource clock) {
        this.clock = clock;
        this.window = now();
    }

    private long now() {
        return Math.floorDiv(clock.instant().getEpochSecond(), WINDOW_SECONDS);
    }

    /// Whether this one is written.
    ///
    /// @param record a refusal of a proven token, or a grant in shadow mode
    public synchronized boolean wanted(AuditRecord record) {
        turn();
        Topic topic = topic(record);
        String who = who(record);
        Count ofIssuer = issuers.computeIfAbsent(topic, _ -> new Count());
        Who key = new Who(topic, who);
        Count ofSubject = subjects.get(key);
        if (ofSubject == null && subjects.size() < SUBJECTS) {
            ofSubject = new Count();
            subjects.put(key, ofSubject);
        }
        boolean written =
                (ofSubject == null || within(ofSubject, FREELY))
                        && within(ofIssuer, FREELY_OF_ISSUER);
        if (!written) {
            leftOut++;
            ofIssuer.leftOut++;
            ofIssuer.several |= ofIssuer.who != null && !ofIssuer.who.equals(who);
            ofIssuer.who = who;
        }
        return written;
    }

    private static boolean within(Count count, int freely) {
        int seen = ++count.seen;
        return seen <= freely || seen % SAMPLE == 0;
    }

    private static Topic topic(AuditRecord record) {
        String about = record.reason() == null ? record.grant() : record.reason();
        return new Topic(record.kind(), record.issuer(), about == null ? "" : about);
    }

    /// Before the subject is known, the token is.
    private static String who(AuditRecord record) {
        if (record.subject() != null) {
            return "subject " + record.subject();
        }
        return record.tokenFingerprint() == null
                ? "nobody in particular"
                : "token " + record.tokenFingerprint();
    }

    /// What was left out in windows that are over: a record each, to be written now.
    public synchronized List<AuditRecord> ended() {
        turn();
        List<AuditRecord> all = List.copyOf(told);
        told.clear();
        return all;
    }

    /// Left out since start.
    public synchronized long leftOut() {
        return leftOut;
    }

    private void turn() {
        long now = now();
        if (now == window) {
            return;
        }
        issuers.forEach(this::tell);
        issuers.clear();
        subjects.clear();
        window = now;
    }

    private void tell(Topic topic, Count count) {
        if (count.leftOut == 0) {
            return;
        }
        Instant end = Instant.ofEpochSecond((window + 1) * WINDOW_SECONDS);
        String detail =
                count.leftOut
                        + " more in the "
                        + WINDOW_SECONDS
                        + " s before "
                        + end
                        + " were counted and not written, of "
                        + (count.several ? "several subjects or tokens" : count.who);
        boolean refused = topic.kind == AuditRecord.Kind.REFUSED;
        told.add(
                AuditRecord.of(clock.instant(), topic.kind)
                        .reason(refused ? topic.about : null)
                        .detail(detail)
                        .issuer(topic.issuer)
                        .grant(refused ? null : topic.about)
                        .build());
    }
}

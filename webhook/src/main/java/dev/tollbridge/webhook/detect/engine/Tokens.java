package dev.tollbridge.webhook.detect.engine;

import dev.tollbridge.webhook.detect.parse.Budget;
import dev.tollbridge.webhook.detect.parse.ByteText;
import dev.tollbridge.webhook.detect.parse.Jwt;
import dev.tollbridge.webhook.detect.parse.Node;
import dev.tollbridge.webhook.detect.rule.Detector;
import dev.tollbridge.webhook.detect.rule.Kind;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Tokens that their own form gives away, wherever they stand.
final class Tokens {

    /// No token that we know is longer; a pattern sees no more than this from where it begins.
    private static final int LONGEST = 16 * 1024;

    private static final int MAX_TEXT = 64 * 1024;

    private final Compiled compiled;
    private final Budget budget;
    private final Sightings sightings;

    Tokens(Compiled compiled, Budget budget, Sightings sightings) {
        this.compiled = compiled;
        this.budget = budget;
        this.sightings = sightings;
    }

    void find(byte[] text, Hits hits, Trail trail, @Nullable Draft owner) {
        Lines lines = new Lines(text);
        int done = 0;
        for (int i = 0; i < hits.tokens(); i++) {
            budget.step();
            int start = hits.tokenStart(i);
            if (start < done) {
                continue;
            }
            for (int index : compiled.tokensOfWord[hits.tokenWord(i)]) {
                Detector detector = compiled.detectors.get(index);
                int anchor = compiled.finder.length(hits.tokenWord(i));
                int end =
                        detector.kind() == Kind.JWT
                                ? jwt(text, start, trail, lines, owner)
                                : prefixed(detector, text, start, anchor, trail, lines, owner);
                if (end > start) {
                    done = end;
                    break;
                }
            }
        }
    }

    /// @return where the token ends, or where it began if it is none
    private int prefixed(
            Detector detector,
            byte[] text,
            int start,
            int anchor,
            Trail trail,
            Lines lines,
            @Nullable Draft owner) {
        Pattern pattern = detector.value();
        if (pattern == null || (detector.nameRequired() && !detector.named(trail.name()))) {
            return start;
        }
        int most = Math.min(text.length, start + LONGEST);
        Matcher matcher = pattern.matcher(new ByteText(text, start, most));
        if (!matcher.lookingAt()) {
            budget.steps(anchor);
            return start;
        }
        budget.steps(matcher.end());
        boolean named = pattern.namedGroups().containsKey("value");
        String value = named ? matcher.group("value") : matcher.group();
        if (Placeholders.real(value, named ? 0 : anchor)) {
            sightings.add(
                    Sighting.of(detector, detector.confidence(), "", List.of(value)),
                    trail.place(trail.line() == 0 ? lines.at(start) : 0),
                    owner);
        }
        return start + matcher.end();
    }

    /// Every JWT detector and allow rule at once: the claims are read once.
    private int jwt(byte[] text, int start, Trail trail, Lines lines, @Nullable Draft owner) {
        int end = start;
        int dots = 0;
        while (end < text.length && end - start < LONGEST && dots < 3) {
            byte b = text[end];
            if (!Words.of(b) && b != '-' && b != '.') {
                break;
            }
            dots += b == '.' ? 1 : 0;
            end++;
        }
        budget.steps(end - start);
        if (dots != 2) {
            // Passed over: another that begins inside would make this quadratic.
            return end;
        }
        String token = new ByteText(text, start, end).toString();
        Node.Mapping claims = Jwt.claims(token, budget);
        if (claims == null) {
            return end;
        }
        if (workload(claims)) {
            sightings.allow(token);
            return end;
        }
        for (Detector detector : compiled.detectors) {
            if (detector.kind() == Kind.JWT
                    && detector.required().stream().allMatch(rule -> rule.holds(claims, budget))
                    && Placeholders.real(token, 0)) {
                sightings.add(
                        Sighting.of(detector, detector.confidence(), "", List.of(token)),
                        trail.place(trail.line() == 0 ? lines.at(start) : 0),
                        owner);
            }
        }
        return end;
    }

    /// Whether a value is a JWT that a workload was given.
    boolean workloadJwt(String value) {
        if (!value.startsWith("eyJ")) {
            return false;
        }
        Node.Mapping claims = Jwt.claims(value, budget);
        return claims != null && workload(claims);
    }

    private boolean workload(Node.Mapping claims) {
        return compiled.workloads.stream()
                .anyMatch(workload ->
                        !workload.jwt().isEmpty()
                                && workload.jwt().stream()
                                        .allMatch(rule -> rule.holds(claims, budget)));
    }

    /// Texts whose form as a whole, mostly with the file's name, is the sign.
    void named(byte[] text, Hits hits, Trail trail, @Nullable Draft owner) {
        if (text.length > MAX_TEXT && !trail.name().endsWith(".db")) {
            return;
        }
        for (int d : compiled.texts) {
            Detector detector = compiled.detectors.get(d);
            if (!hits.candidate(d)) {
                continue;
            }
            Pattern pattern = detector.value();
            if (pattern == null || (detector.nameRequired() && !detector.named(trail.name()))) {
                continue;
            }
            int most = Math.min(text.length, MAX_TEXT);
            budget.steps(most);
            Matcher matcher = pattern.matcher(new ByteText(text, 0, most));
            if (matcher.find()
                    && (detector.sqlite() || Placeholders.real(secret(pattern, matcher), 0))) {
                sightings.add(
                        Sighting.of(
                                detector,
                                detector.confidence(),
                                "",
                                List.of(detector.id() + " " + matcher.group().strip())),
                        trail.place(trail.line() == 0 ? new Lines(text).at(matcher.start()) : 0),
                        owner);
            }
        }
    }

    /// What the pattern names so, else in `login me password secret` the secret.
    private static String secret(Pattern pattern, Matcher matcher) {
        if (pattern.namedGroups().containsKey("value")) {
            return matcher.group("value");
        }
        String plain = matcher.group().strip();
        return plain.substring(plain.lastIndexOf(' ') + 1);
    }

    /// A token begins where no word and no path goes on; after an escape (`\n`, `\/`) it does.
    static boolean begins(byte[] text, int start) {
        if (start == 0 || !Words.of(text[start]) || text[start - 1] != '/') {
            return Words.begins(text, start);
        }
        return start >= 2 && text[start - 2] == '\\';
    }
}

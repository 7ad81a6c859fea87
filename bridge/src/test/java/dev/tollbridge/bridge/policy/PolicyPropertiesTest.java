package dev.tollbridge.bridge.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.config.MatchForm;
import dev.tollbridge.bridge.policy.PolicyFixture.GrantBuilder;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.target.TargetRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What must hold for all grants and claims, tried on many made by chance. The seed is fixed: a
/// failure can be repeated.
class PolicyPropertiesTest {

    private static final List<String> CLAIMS = List.of("a", "b", "/c/d", "e");

    @Test
    void theIndexFindsWhatAScanFinds() {
        Random random = new Random(42);
        for (int round = 0; round < 300; round++) {
            List<Match> matches = new ArrayList<>();
            for (int i = random.nextInt(40); i >= 0; i--) {
                matches.add(
                        Match.of(
                                forms(random),
                                (key, what) -> {
                                    throw new IllegalStateException(key + ": " + what);
                                }));
            }
            MatchIndex<Match> index = new MatchIndex<>(matches, match -> match);
            for (int i = 0; i < 30; i++) {
                var claims = PolicyFixture.claims(claims(random));
                assertThat(
                                index.candidates(claims).stream()
                                        .filter(match -> match.holds(claims))
                                        .toList())
                        .isEqualTo(matches.stream().filter(match -> match.holds(claims)).toList());
            }
        }
    }

    @Test
    void scopeAndLifetimeOnlyNarrow() {
        Random random = new Random(43);
        List<String> scopes = List.of("r", "w", "x");
        for (int round = 0; round < 200; round++) {
            PolicyFixture fixture = PolicyFixture.github();
            Map<String, Set<String>> given = new HashMap<>();
            Map<String, Duration> lives = new HashMap<>();
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                Set<String> some = some(random, scopes);
                Duration ttl = Duration.ofSeconds(1 + random.nextInt(5000));
                given.put("g" + i, some);
                lives.put("g" + i, ttl);
                fixture.grant(
                        "g" + i,
                        GrantBuilder.grant()
                                .match("repository_id", "2002")
                                .allow("internal-api", ttl, some.toArray(String[]::new)));
            }
            Set<String> asked = random.nextBoolean() ? null : some(random, scopes);
            Duration ttl =
                    random.nextBoolean() ? null : Duration.ofSeconds(1 + random.nextInt(9000));
            try {
                Decision decision =
                        fixture.decide(
                                PolicyFixture.githubClaims(),
                                new TargetRequest(List.of("internal-api"), List.of(), asked, ttl));
                assertThat(given.get(decision.grant())).containsAll(decision.scope());
                assertThat(decision.scope())
                        .isEqualTo(
                                asked == null
                                        ? new TreeSet<>(given.get(decision.grant()))
                                        : new TreeSet<>(asked));
                assertThat(decision.ttl())
                        .isLessThanOrEqualTo(lives.get(decision.grant()))
                        .isLessThanOrEqualTo(Duration.ofHours(1))
                        .isPositive();
                if (ttl != null) {
                    assertThat(decision.ttl()).isLessThanOrEqualTo(ttl);
                }
            } catch (Refusal refusal) {
                assertThat(refusal.reason()).isEqualTo(RefusalReason.SCOPE_REFUSED);
                assertThat(asked).isNotNull();
                assertThat(given.values()).noneMatch(all -> all.containsAll(asked));
            }
        }
    }

    /// Counts what is looked at, because time proves nothing on a busy machine.
    @Test
    void aHundredThousandGrantsCostWhatTenCost() {
        List<Match> matches = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            Map<String, MatchForm> forms = new LinkedHashMap<>();
            forms.put("repository_owner_id", new MatchForm.Exact("1001"));
            forms.put("repository_id", new MatchForm.Exact(String.valueOf(i)));
            forms.put("ref", new MatchForm.Exact("refs/heads/main"));
            matches.add(Match.of(forms, (_, _) -> {}));
        }
        MatchIndex<Match> index = new MatchIndex<>(matches, match -> match);
        assertThat(index.candidates(PolicyFixture.claims(PolicyFixture.githubClaims()))).hasSize(1);
    }

    private static Map<String, MatchForm> forms(Random random) {
        Map<String, MatchForm> forms = new LinkedHashMap<>();
        for (String claim : CLAIMS) {
            switch (random.nextInt(8)) {
                case 0, 1 -> forms.put(claim, exact(random));
                case 2 ->
                        forms.put(
                                claim, new MatchForm.AnyOf(List.of(exact(random), exact(random))));
                case 3 -> forms.put(claim, new MatchForm.Prefix("v:"));
                case 4 ->
                        forms.put(
                                claim,
                                new MatchForm.AnyOf(
                                        List.of(exact(random), new MatchForm.Glob("v*"))));
                default -> {
                    // This claim does not matter.
                }
            }
        }
        return forms;
    }

    private static MatchForm exact(Random random) {
        return new MatchForm.Exact(random.nextInt(6) == 0 ? true : "v:" + random.nextInt(4));
    }

    private static Map<String, Object> claims(Random random) {
        Map<String, Object> claims = new LinkedHashMap<>();
        for (String claim : List.of("a", "b", "e")) {
            if (random.nextInt(5) > 0) {
                claims.put(claim, value(random));
            }
        }
        Map<String, Object> nested = new HashMap<>();
        nested.put("d", value(random));
        claims.put("c", random.nextInt(5) > 0 ? nested : value(random));
        return claims;
    }

    private static @Nullable Object value(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> null;
            case 1 -> 7L;
            case 2 -> true;
            case 3 -> List.of("v:1");
            default -> "v:" + random.nextInt(4);
        };
    }

    private static Set<String> some(Random random, List<String> all) {
        Set<String> some = new TreeSet<>();
        for (String one : all) {
            if (random.nextBoolean()) {
                some.add(one);
            }
        }
        return some;
    }
}

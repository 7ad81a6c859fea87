package dev.tollbridge.bridge.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollbridge.bridge.policy.ConditionCompiler.BadCondition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {

    private final ConditionCompiler compiler = new ConditionCompiler();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "claims.ref == 'refs/heads/main'",
                "claims['ref'] == \"refs/heads/main\" && claims.event_name in ['push']",
                "claims.ref.startsWith('refs/heads/')",
                "claims.groups.exists(g, g == 'deployers')",
                "'deployers' in claims.groups",
                "claims.runner_id == 7 && claims.runner_id < 8",
                "!('pr' in claims)",
                "!has(claims.pr)",
                "claims['kubernetes.io'].namespace == 'payments'",
                "claims.ref == 'x' || claims.flag",
                "claims.nothing == 'x' || claims.flag",
                "size(claims.groups) == 2",
            })
    void holds(String text) throws BadCondition {
        assertThat(evaluate(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "claims.nothing == 'x'",
                "claims.nothing != 'x'",
                "claims.empty != 'x'",
                "claims.list_of_nulls.exists(x, x == 'a')",
                "!(claims.nothing in ['x'])",
                "claims.ref == 5",
                "claims.ref.nested == 'x'",
                "claims.runner_id.startsWith('7')",
                "claims.runner_id == '7'",
                "claims.flag == 'true'",
                "claims.ref",
                "claims.groups == 'deployers'",
                "claims.runner_id / 0 == 1 || false",
            })
    void doesNotHold(String text) {
        try {
            assertThat(evaluate(text)).isFalse();
        } catch (BadCondition e) {
            // Refused at load: better still.
            assertThat(e).hasMessageNotContaining("Exception");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "claims.ref ==",
                "'text'",
                "1",
                "claim.ref == 'x'",
                "claims.ref.matches('(a+)+$')",
                "matches(claims.ref, 'a')",
                "claims.ref + claims.ref == 'x'",
                "[claims.ref, claims.ref] == [claims.ref]",
                "{'a': claims.ref}.a == 'x'",
                "claims.groups.map(g, g)  == []",
                "claims.groups.filter(g, true) == []",
                "[[1]].exists(a, [a].exists(b, [b].exists(c, c == c)))",
                "[1].exists(a, [1].exists(b, [1].exists(c, true)))",
                "string(claims.runner_id) == '7'",
                "bytes(claims.ref) == b'a'",
            })
    void refusesWhatCannotBeBoundedOrMeant(String text) {
        assertThatThrownBy(() -> compiler.compile(text)).isInstanceOf(BadCondition.class);
    }

    @Test
    void refusesLongDeepAndWideTexts() {
        assertThatThrownBy(() -> compiler.compile("true" + " && true".repeat(1000)))
                .isInstanceOf(BadCondition.class);
        assertThatThrownBy(() -> compiler.compile("(".repeat(2000) + "true" + ")".repeat(2000)))
                .isInstanceOf(BadCondition.class);
        assertThatThrownBy(() -> compiler.compile("!".repeat(4000) + "true"))
                .isInstanceOf(BadCondition.class);
        assertThatThrownBy(() -> compiler.compile("true ".repeat(2000)))
                .isInstanceOf(BadCondition.class);
    }

    @Test
    void anEvaluationTakesABoundedNumberOfSteps() throws BadCondition {
        List<Object> many = new ArrayList<>();
        for (long i = 0; i < 4000; i++) {
            many.add(i);
        }
        Condition condition =
                compiler.compile(
                        "claims.many.all(a, claims.many.all(b, a + 0 == a || a != b))"
                                .replace("a + 0 == a || ", ""));
        Condition.Outcome outcome =
                condition.evaluate(ConditionClaims.of(PolicyFixture.claims(Map.of("many", many))));
        assertThat(outcome.holds()).isFalse();
        Condition beyond = compiler.compile("claims.many.all(a, a >= 0)");
        assertThat(
                        beyond.evaluate(
                                        ConditionClaims.of(
                                                PolicyFixture.claims(Map.of("many", many))))
                                .error())
                .contains("Iteration budget exceeded");
    }

    @Test
    void splitsIntoTermsThatCanBeTriedSingly() throws BadCondition {
        List<Condition> terms =
                compiler.compile(
                                "claims.ref == 'refs/heads/main' && claims.groups.exists(g, g =="
                                        + " 'x') && claims.flag")
                        .terms();
        assertThat(terms)
                .extracting(Condition::text)
                .containsExactly(
                        "claims.ref == \"refs/heads/main\"",
                        "claims.groups.exists(g, g == \"x\")",
                        "claims.flag");
        assertThat(terms)
                .extracting(term -> term.holds(ConditionClaims.of(PolicyFixture.claims(claims()))))
                .containsExactly(true, false, true);
    }

    private boolean evaluate(String text) throws BadCondition {
        return compiler.compile(text).holds(ConditionClaims.of(PolicyFixture.claims(claims())));
    }

    private static Map<String, Object> claims() {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("ref", "refs/heads/main");
        claims.put("event_name", "push");
        claims.put("groups", List.of("deployers", "staff"));
        claims.put("runner_id", 7L);
        claims.put("flag", true);
        claims.put("empty", null);
        List<Object> nulls = new ArrayList<>();
        nulls.add(null);
        claims.put("list_of_nulls", nulls);
        claims.put("kubernetes.io", Map.of("namespace", "payments"));
        return claims;
    }
}

package dev.tollbridge.bridge.policy;

import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.Program;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A compiled CEL condition. Usable by many threads at once.
final class Condition {

    private final String text;
    private final Program program;
    private final CelExpr expression;

    Condition(String text, Program program, CelExpr expression) {
        this.text = text;
        this.program = program;
        this.expression = expression;
    }

    String text() {
        return text;
    }

    /// Its syntax tree, for the linter.
    CelExpr expression() {
        return expression;
    }

    /// What came of evaluating.
    ///
    /// @param error why there is no value, or null
    record Outcome(boolean holds, @Nullable String error) {}

    /// An error of any kind is "no".
    ///
    /// @param claims from {@link ConditionClaims}
    boolean holds(Map<String, Object> claims) {
        return evaluate(claims).holds();
    }

    Outcome evaluate(Map<String, Object> claims) {
        try {
            return new Outcome(Boolean.TRUE.equals(program.eval(Map.of("claims", claims))), null);
        } catch (CelEvaluationException e) {
            return new Outcome(false, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // The library promises its own exception only; whatever else it throws is "no" too.
            return new Outcome(false, e.getClass().getSimpleName());
        }
    }
}

package dev.tollbridge.bridge.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.Program;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A compiled CEL condition. Usable by many threads at once.
final class Condition {

    private final String text;
    private final Program program;
    private final CelAbstractSyntaxTree tree;

    Condition(String text, Program program, CelAbstractSyntaxTree tree) {
        this.text = text;
        this.program = program;
        this.tree = tree;
    }

    String text() {
        return text;
    }

    /// Its syntax tree, for the linter.
    CelExpr expression() {
        return tree.getExpr();
    }

    /// Its top-level `&&` terms, each a condition of its own, for explanations; itself alone where
    /// they cannot be written down singly.
    List<Condition> terms() {
        return ConditionCompiler.terms(this, tree);
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

package dev.tollbridge.bridge.policy;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a grant is known to demand, claim by claim: its `match`, and the top-level `&&` terms of
/// its condition that compare a claim with literals. Other terms can only narrow further, so
/// nothing is lost by not understanding them.
final class Constraints {

    private final Map<String, Constraint> byClaim = new LinkedHashMap<>();
    private final List<List<String>> equal = new ArrayList<>();

    private Constraints() {}

    static Constraints of(Match match, @Nullable Condition condition) {
        Constraints constraints = new Constraints();
        for (Match.Part part : match.parts()) {
            constraints.on(part.claim().text()).allow(List.of(part.matcher()));
        }
        if (condition != null) {
            constraints.holds(condition.expression());
        }
        constraints.spread();
        return constraints;
    }

    private Constraint on(String claim) {
        return byClaim.computeIfAbsent(claim, _ -> new Constraint());
    }

    /// Claims that are demanded to be equal share what is known of either.
    private void spread() {
        for (List<String> pair : equal) {
            Constraint one = on(pair.getFirst());
            Constraint other = on(pair.getLast());
            List<Matcher> ofOne = one.allowed();
            List<Matcher> ofOther = other.allowed();
            if (ofOne == null && ofOther != null) {
                one.allow(ofOther);
            } else if (ofOther == null && ofOne != null) {
                other.allow(ofOne);
            }
        }
    }

    Map<String, Constraint> byClaim() {
        return byClaim;
    }

    @Nullable Constraint get(String claim) {
        return byClaim.get(claim);
    }

    boolean pinned(String claim) {
        Constraint constraint = byClaim.get(claim);
        return constraint != null && constraint.pinned();
    }

    private void holds(CelExpr term) {
        String claim = claim(term);
        if (claim != null) {
            allow(claim, true);
            return;
        }
        if (term.getKind() != CelExpr.ExprKind.Kind.CALL) {
            return;
        }
        CelExpr.CelCall call = term.call();
        switch (call.function()) {
            case "_&&_" -> call.args().forEach(this::holds);
            case "_||_" -> either(call);
            case "!_" -> fails(call.args().getFirst());
            case "_==_" -> compared(call, this::allow);
            case "_!=_" -> compared(call, (ref, value) -> on(ref).exclude(value));
            case "@in" -> in(call);
            case "startsWith" ->
                    text(
                            call,
                            (ref, start) -> on(ref).allow(List.of(new Matcher.StartsWith(start))));
            case "endsWith", "contains" -> text(call, (ref, _) -> on(ref).markPartial());
            default -> {
                // Narrows in a way that is not understood here.
            }
        }
    }

    private void fails(CelExpr term) {
        String claim = claim(term);
        if (claim != null) {
            allow(claim, false);
            return;
        }
        if (term.getKind() == CelExpr.ExprKind.Kind.SELECT && term.select().testOnly()) {
            List<String> path = path(term.select().operand());
            if (path != null) {
                List<String> whole = new ArrayList<>(path);
                whole.add(term.select().field());
                on(ClaimReference.of(whole).text()).forbid();
            }
            return;
        }
        if (term.getKind() != CelExpr.ExprKind.Kind.CALL) {
            return;
        }
        CelExpr.CelCall call = term.call();
        switch (call.function()) {
            case "_||_" -> call.args().forEach(this::fails);
            case "!_" -> holds(call.args().getFirst());
            case "_==_" -> compared(call, (ref, value) -> on(ref).exclude(value));
            case "_!=_" -> compared(call, this::allow);
            case "startsWith" -> text(call, (ref, start) -> on(ref).excludeStart(start));
            case "@in" -> {
                CelExpr what = call.args().getFirst();
                CelExpr where = call.args().getLast();
                String ref = claim(what);
                List<Object> values = literals(where);
                if (ref != null && values != null) {
                    values.forEach(on(ref)::exclude);
                }
                List<String> object = path(where);
                if (literal(what) instanceof String name && object != null) {
                    List<String> whole = new ArrayList<>(object);
                    whole.add(name);
                    on(ClaimReference.of(whole).text()).forbid();
                }
            }
            default -> {
                // Narrows in a way that is not understood here.
            }
        }
    }

    /// `a == 'x' || a == 'y'` is a list of values written at length.
    private void either(CelExpr.CelCall call) {
        Constraints left = new Constraints();
        Constraints right = new Constraints();
        left.holds(call.args().getFirst());
        right.holds(call.args().getLast());
        left.byClaim.forEach((claim, one) -> {
            Constraint other = right.get(claim);
            List<Matcher> ofOne = one.allowed();
            List<Matcher> ofOther = other == null ? null : other.allowed();
            if (ofOne != null && ofOther != null) {
                List<Matcher> both = new ArrayList<>(ofOne);
                both.addAll(ofOther);
                on(claim).allow(both);
            }
        });
    }

    private void in(CelExpr.CelCall call) {
        CelExpr what = call.args().getFirst();
        CelExpr where = call.args().getLast();
        String ref = claim(what);
        List<Object> values = literals(where);
        if (ref != null && values != null) {
            on(ref).allow(values.stream().<Matcher>map(Matcher.Exactly::new).toList());
            return;
        }
        // 'x' in claims.list: the list is pinned by one of its members.
        String list = claim(where);
        Object member = literal(what);
        if (list != null && member != null) {
            allow(list, member);
        }
    }

    private void allow(String claim, Object value) {
        on(claim).allow(List.of(new Matcher.Exactly(value)));
    }

    private interface Comparison {
        void with(String claim, Object value);
    }

    private void compared(CelExpr.CelCall call, Comparison comparison) {
        CelExpr left = call.args().getFirst();
        CelExpr right = call.args().getLast();
        String leftClaim = claim(left);
        String rightClaim = claim(right);
        if (leftClaim != null && rightClaim != null) {
            if (call.function().equals("_==_")) {
                equal.add(List.of(leftClaim, rightClaim));
            }
            return;
        }
        String claim = leftClaim == null ? rightClaim : leftClaim;
        Object value = literal(leftClaim == null ? left : right);
        if (claim != null && value != null) {
            comparison.with(claim, value);
        }
    }

    private interface TextTest {
        void with(String claim, String text);
    }

    private static void text(CelExpr.CelCall call, TextTest test) {
        Consumer<CelExpr> on =
                target -> {
                    String claim = claim(target);
                    if (claim != null
                            && call.args().size() == 1
                            && literal(call.args().getFirst()) instanceof String text) {
                        test.with(claim, text);
                    }
                };
        call.target().ifPresent(on);
    }

    /// The claim an expression reads, canonical; null: it is something else.
    private static @Nullable String claim(CelExpr expression) {
        List<String> path = path(expression);
        return path == null || path.isEmpty() ? null : ClaimReference.of(path).text();
    }

    /// Empty for `claims` itself.
    private static @Nullable List<String> path(CelExpr expression) {
        return switch (expression.getKind()) {
            case IDENT -> expression.ident().name().equals("claims") ? List.of() : null;
            case SELECT ->
                    expression.select().testOnly()
                            ? null
                            : longer(
                                    path(expression.select().operand()),
                                    expression.select().field());
            case CALL ->
                    expression.call().function().equals("_[_]")
                                    && literal(expression.call().args().getLast())
                                            instanceof String name
                            ? longer(path(expression.call().args().getFirst()), name)
                            : null;
            default -> null;
        };
    }

    private static @Nullable List<String> longer(@Nullable List<String> path, String name) {
        if (path == null) {
            return null;
        }
        List<String> longer = new ArrayList<>(path);
        longer.add(name);
        return longer;
    }

    private static @Nullable Object literal(CelExpr expression) {
        if (expression.getKind() != CelExpr.ExprKind.Kind.CONSTANT) {
            return null;
        }
        CelConstant constant = expression.constant();
        return switch (constant.getKind()) {
            case STRING_VALUE -> constant.stringValue();
            case BOOLEAN_VALUE -> constant.booleanValue();
            case INT64_VALUE -> constant.int64Value();
            default -> null;
        };
    }

    private static @Nullable List<Object> literals(CelExpr expression) {
        if (expression.getKind() != CelExpr.ExprKind.Kind.LIST) {
            return null;
        }
        List<Object> values = new ArrayList<>();
        for (CelExpr element : expression.list().elements()) {
            Object value = literal(element);
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        return values;
    }
}

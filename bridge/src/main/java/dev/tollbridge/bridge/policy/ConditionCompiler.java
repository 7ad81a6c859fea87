package dev.tollbridge.bridge.policy;

import dev.cel.checker.CelStandardDeclarations;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.parser.CelUnparser;
import dev.cel.parser.CelUnparserFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Compiles conditions, each text once.
///
/// What a condition can cost is bounded by what it can say: at most 4096 characters and 500 nodes;
/// no regular expressions, no conversion to other types' text, nothing that makes texts or lists
/// longer; `exists` and `all` nested at most twice, with at most 1000 steps in one evaluation, and
/// without building lists of what they range over. So nothing grows, and the time is that of
/// reading the claims, which are at most 16 KiB.
final class ConditionCompiler {

    static final int MAX_LENGTH = 4096;
    private static final int MAX_NODES = 500;
    private static final int MAX_NESTING = 2;
    private static final int MAX_STEPS = 1000;

    private static final CelOptions OPTIONS =
            CelOptions.current()
                    .maxExpressionCodePointSize(MAX_LENGTH)
                    .maxParseRecursionDepth(32)
                    .maxParseErrorRecoveryLimit(10)
                    .populateMacroCalls(true)
                    .comprehensionMaxIterations(MAX_STEPS)
                    // The planning runtime insists on it.
                    .enableHeterogeneousNumericComparisons(true)
                    .build();

    /// Operators and functions, by their names in the syntax tree.
    private static final Set<String> ALLOWED =
            Set.of(
                    "_&&_",
                    "_||_",
                    "!_",
                    "_?_:_",
                    "_==_",
                    "_!=_",
                    "_<_",
                    "_<=_",
                    "_>_",
                    "_>=_",
                    "@in",
                    "_[_]",
                    "-_",
                    "@not_strictly_false",
                    "startsWith",
                    "endsWith",
                    "contains",
                    "size",
                    "type",
                    "int",
                    "timestamp",
                    "duration");

    /// Built on first use: a configuration without conditions does not pay for the library.
    private static final class Environment {
        static final CelCompiler COMPILER =
                CelCompilerFactory.standardCelCompilerBuilder()
                        .setOptions(OPTIONS)
                        .setStandardEnvironmentEnabled(false)
                        .setStandardDeclarations(
                                CelStandardDeclarations.newBuilder()
                                        .excludeFunctions(
                                                CelStandardDeclarations.StandardFunction.MATCHES)
                                        .build())
                        .setStandardMacros(
                                CelStandardMacro.HAS, CelStandardMacro.ALL, CelStandardMacro.EXISTS)
                        .addVar("claims", MapType.create(SimpleType.STRING, SimpleType.DYN))
                        .setResultType(SimpleType.BOOL)
                        .build();
        static final CelUnparser UNPARSER = CelUnparserFactory.newUnparser();
        static final CelRuntime RUNTIME =
                CelRuntimeFactory.plannerRuntimeBuilder().setOptions(OPTIONS).build();
    }

    private final Map<String, Condition> compiled = new ConcurrentHashMap<>();

    /// Makes the library ready ahead of need: it takes a few hundred milliseconds that a start can
    /// spend on another core.
    static void warmUp() {
        try {
            new ConditionCompiler()
                    .compile("claims.a == 'b' && claims.c in ['d']")
                    .holds(Map.of("a", "b", "c", "d"));
        } catch (BadCondition e) {
            throw new IllegalStateException(e);
        }
    }

    /// @throws BadCondition with a sentence for the author
    Condition compile(String text) throws BadCondition {
        Condition known = compiled.get(text);
        if (known != null) {
            return known;
        }
        Condition condition = fresh(text);
        compiled.put(text, condition);
        return condition;
    }

    private static Condition fresh(String text) throws BadCondition {
        if (text.length() > MAX_LENGTH) {
            throw new BadCondition("a condition has at most " + MAX_LENGTH + " characters");
        }
        try {
            CelValidationResult result = Environment.COMPILER.compile(text);
            if (result.hasError()) {
                CelIssue first = result.getErrors().getFirst();
                throw new BadCondition(
                        "character "
                                + (first.getSourceLocation().getColumn() + 1)
                                + ": "
                                + first.getMessage());
            }
            CelAbstractSyntaxTree tree = result.getAst();
            if (!SimpleType.BOOL.equals(tree.getResultType())
                    && !SimpleType.DYN.equals(tree.getResultType())) {
                throw new BadCondition("a condition is true or false");
            }
            Bounds bounds = new Bounds();
            bounds.check(tree.getExpr(), 0);
            if (!bounds.looksAtClaims) {
                throw new BadCondition("a condition looks at claims; this one holds for everybody");
            }
            return new Condition(text, Environment.RUNTIME.createProgram(tree), tree);
        } catch (CelValidationException | CelEvaluationException e) {
            throw new BadCondition(String.valueOf(e.getMessage()));
        } catch (RuntimeException | StackOverflowError e) {
            throw new BadCondition("cannot be compiled (" + e.getClass().getSimpleName() + ")");
        }
    }

    static List<Condition> terms(Condition whole, CelAbstractSyntaxTree tree) {
        List<CelExpr> terms = new ArrayList<>();
        split(tree.getExpr(), terms);
        if (terms.size() == 1) {
            return List.of(whole);
        }
        try {
            List<Condition> conditions = new ArrayList<>();
            for (CelExpr term : terms) {
                CelAbstractSyntaxTree part =
                        CelAbstractSyntaxTree.newCheckedAst(
                                term, tree.getSource(), tree.getReferenceMap(), tree.getTypeMap());
                conditions.add(
                        new Condition(
                                Environment.UNPARSER.unparse(part),
                                Environment.RUNTIME.createProgram(part),
                                part));
            }
            return conditions;
        } catch (CelEvaluationException | RuntimeException e) {
            return List.of(whole);
        }
    }

    private static void split(CelExpr expression, List<CelExpr> terms) {
        if (expression.getKind() == CelExpr.ExprKind.Kind.CALL
                && expression.call().function().equals("_&&_")) {
            expression.call().args().forEach(part -> split(part, terms));
        } else {
            terms.add(expression);
        }
    }

    private static final class Bounds {
        private int nodes;
        private boolean looksAtClaims;

        void check(CelExpr expression, int nesting) throws BadCondition {
            if (++nodes > MAX_NODES) {
                throw new BadCondition("a condition has at most " + MAX_NODES + " parts");
            }
            switch (expression.getKind()) {
                case CONSTANT -> {}
                case IDENT -> looksAtClaims |= expression.ident().name().equals("claims");
                case SELECT -> check(expression.select().operand(), nesting);
                case CALL -> {
                    String function = expression.call().function();
                    if (!ALLOWED.contains(function)) {
                        throw new BadCondition("'" + function + "' cannot be used in a condition");
                    }
                    if (expression.call().target().isPresent()) {
                        check(expression.call().target().get(), nesting);
                    }
                    for (CelExpr argument : expression.call().args()) {
                        check(argument, nesting);
                    }
                }
                case LIST -> {
                    for (CelExpr element : expression.list().elements()) {
                        if (element.getKind() != CelExpr.ExprKind.Kind.CONSTANT) {
                            throw new BadCondition("a list in a condition has literals only");
                        }
                        check(element, nesting);
                    }
                }
                case COMPREHENSION -> {
                    if (nesting == MAX_NESTING) {
                        throw new BadCondition(
                                "exists and all can be nested " + MAX_NESTING + " deep");
                    }
                    CelExpr.CelComprehension loop = expression.comprehension();
                    check(loop.iterRange(), nesting);
                    check(loop.accuInit(), nesting);
                    check(loop.loopCondition(), nesting + 1);
                    check(loop.loopStep(), nesting + 1);
                    check(loop.result(), nesting);
                }
                case MAP, STRUCT, NOT_SET ->
                        throw new BadCondition("objects cannot be made in a condition");
            }
        }
    }

    /// The author's mistake.
    static final class BadCondition extends Exception {
        private static final long serialVersionUID = 1L;

        BadCondition(String message) {
            super(message, null, false, false);
        }
    }
}

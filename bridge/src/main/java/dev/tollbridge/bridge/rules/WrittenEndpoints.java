package dev.tollbridge.bridge.rules;

import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.Problem.Severity;
import dev.tollbridge.bridge.config.TargetSpec;
import java.util.List;
import java.util.function.Predicate;

/// Endpoints that targets name: whoever may write a document must not be able to choose where the
/// bridge sends its proof (DESIGN 14, rule 2).
final class WrittenEndpoints {

    static final String RULE = "endpoint-not-allowed";

    private WrittenEndpoints() {}

    static void check(Documents documents, Predicate<String> allowed, List<Problem> problems) {
        for (Document<TargetSpec> document : documents.targets().values()) {
            for (String endpoint : document.spec().settings().endpoints()) {
                if (!allowed.test(endpoint)) {
                    problems.add(
                            new Problem(
                                    Severity.ERROR,
                                    RULE,
                                    document.place(),
                                    "Target/"
                                            + document.name()
                                            + " spec."
                                            + document.spec().settings().kind(),
                                    endpoint + " is not an endpoint this bridge may talk to",
                                    "start it with --allow-endpoint " + endpoint));
                }
            }
        }
    }
}

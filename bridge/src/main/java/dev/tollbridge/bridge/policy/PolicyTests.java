package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs policy tests: claims and what is expected to be decided on them.
public final class PolicyTests {

    /// @param name of the case, as `FILE: NAME`
    /// @param difference what was decided instead, for people; null: as expected
    public record Result(String name, @Nullable String difference) {
        public boolean passed() {
            return difference == null;
        }
    }

    /// @param problems what is wrong with the file itself; then no case of it was run
    public record Report(List<Result> results, List<Problem> problems) {
        public boolean passed() {
            return problems.isEmpty() && results.stream().allMatch(Result::passed);
        }
    }

    private final PolicySet policies;
    private final Map<String, TrustedIssuer> issuers;

    public PolicyTests(PolicySet policies, Map<String, TrustedIssuer> issuers) {
        this.policies = policies;
        this.issuers = issuers;
    }

    /// @param file name for messages
    /// @param yaml the file's text
    public Report run(String file, String yaml) {
        throw new UnsupportedOperationException("not there yet " + policies + issuers);
    }
}

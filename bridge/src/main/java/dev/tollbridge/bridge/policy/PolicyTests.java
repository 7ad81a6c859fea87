package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.issuer.IssuerRegistry;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.policy.PolicyCase.Expected;
import dev.tollbridge.bridge.policy.Ruling.Granted;
import dev.tollbridge.bridge.policy.Ruling.Refused;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs policy tests: claims, and what is expected to be decided on them. The file format is in
/// `docs/policy-tests.md`.
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
    private final IssuerRegistry issuers;
    private final Instant now;

    /// @param now for cases that do not say when
    public PolicyTests(PolicySet policies, IssuerRegistry issuers, Instant now) {
        this.policies = policies;
        this.issuers = issuers;
        this.now = now;
    }

    /// @param file name for messages
    /// @param yaml the file's text
    public Report run(String file, String yaml) {
        PolicyCaseReader reader = new PolicyCaseReader(file);
        List<PolicyCase> cases = reader.read(yaml);
        if (!reader.problems().isEmpty()) {
            return new Report(List.of(), reader.problems());
        }
        List<Result> results = new ArrayList<>();
        for (PolicyCase one : cases) {
            results.add(new Result(file + ": " + one.name(), difference(one)));
        }
        return new Report(results, List.of());
    }

    private @Nullable String difference(PolicyCase one) {
        Claims claims = new Claims(one.claims());
        TrustedIssuer issuer = Explainer.issuerOf(issuers, claims, one.issuer());
        if (issuer == null) {
            return one.issuer() == null
                    ? "its claims do not say which trusted issuer they are from; write issuer: NAME"
                    : "there is no enabled trusted issuer named " + one.issuer();
        }
        Instant at = one.at() == null ? now : one.at();
        return difference(one.expected(), judge(one, Subject.unverified(issuer, claims), at));
    }

    private Ruling judge(PolicyCase one, Subject subject, Instant at) {
        try {
            return policies.judge(
                    subject,
                    policies.targets().select(one.request()),
                    one.request(),
                    one.proof(),
                    true,
                    at);
        } catch (Refusal refusal) {
            return new Refused(refusal.reason(), refusal.detail());
        }
    }

    private static @Nullable String difference(Expected expected, Ruling ruling) {
        return switch (ruling) {
            case Refused refused -> {
                RefusalReason reason = expected.reason();
                if (reason == null && expected.granted()) {
                    yield "expected to be granted, refused: "
                            + refused.reason().code()
                            + " ("
                            + refused.detail()
                            + ")";
                }
                yield reason == null || alike(reason, refused.reason())
                        ? null
                        : "expected "
                                + reason.code()
                                + ", refused: "
                                + refused.reason().code()
                                + " ("
                                + refused.detail()
                                + ")";
            }
            case Granted granted -> {
                String what = "granted by " + granted.grant().name();
                if (!expected.granted()) {
                    yield "expected to be refused, " + what;
                }
                if (expected.grant() != null && !expected.grant().equals(granted.grant().name())) {
                    yield "expected grant " + expected.grant() + ", " + what;
                }
                if (expected.scope() != null && !expected.scope().equals(granted.scope())) {
                    yield "expected scope "
                            + expected.scope()
                            + ", "
                            + what
                            + " with "
                            + granted.scope();
                }
                if (expected.ttl() != null && !expected.ttl().equals(granted.lifetime().ttl())) {
                    yield "expected "
                            + expected.ttl().toSeconds()
                            + "s, "
                            + what
                            + " for "
                            + granted.lifetime().ttl().toSeconds()
                            + "s, set by "
                            + granted.lifetime().bound().words();
                }
                yield null;
            }
        };
    }

    /// A caller is told the same for both.
    private static boolean alike(RefusalReason one, RefusalReason other) {
        return one == other
                || one == RefusalReason.GRANT_MISSING && other == RefusalReason.TARGET_UNKNOWN;
    }
}

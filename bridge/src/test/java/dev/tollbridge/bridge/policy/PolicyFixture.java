package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.Document.Place;
import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.GrantSpec;
import dev.tollbridge.bridge.config.MatchForm;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.TargetSpec;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.config.TargetSpec.TargetSettings;
import dev.tollbridge.bridge.config.TrustedIssuerSpec;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.KeySource;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Network;
import dev.tollbridge.bridge.issuer.IssuerRegistry;
import dev.tollbridge.bridge.issuer.PresetCatalogue;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.issuer.TrustedIssuers;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.target.TargetRegistry;
import dev.tollbridge.bridge.target.TargetRequest;
import dev.tollbridge.bridge.token.SenderProof;
import dev.tollbridge.bridge.token.TestIdentities;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A configuration under construction, and what it decides.
final class PolicyFixture {

    static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    static final String AUDIENCE = "https://tollbridge.acme.example";
    private static final Place PLACE = new Place("test.yaml", 1);

    private final TreeMap<String, Document<TrustedIssuerSpec>> issuers = new TreeMap<>();
    private final TreeMap<String, Document<TargetSpec>> targets = new TreeMap<>();
    private final TreeMap<String, Document<GrantSpec>> grants = new TreeMap<>();

    static PolicyFixture github() {
        return new PolicyFixture()
                .issuer("github", "github-actions", null)
                .target("internal-api", jwt("https://internal.acme.example"));
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    final PolicyFixture issuer(
            String name,
            @Nullable String preset,
            @Nullable String url,
            Map<String, MatchForm>... denied) {
        return put(
                issuers,
                name,
                new TrustedIssuerSpec(
                        preset,
                        url,
                        AUDIENCE,
                        new KeySource.Discovery(),
                        null,
                        null,
                        null,
                        null,
                        TrustedIssuerSpec.DEFAULT_CLOCK_SKEW,
                        null,
                        Network.DEFAULT,
                        null,
                        List.of(denied),
                        true));
    }

    static TargetSettings jwt(String audience, String... scopes) {
        return new TargetSpec.Jwt(audience, List.of(scopes), Map.of(), "ES256");
    }

    static TargetSettings aws() {
        return new TargetSpec.Aws(
                "arn:aws:iam::111122223333:role/payments-deploy",
                "eu-west-1",
                null,
                Map.of(),
                List.of(),
                null,
                null,
                List.of());
    }

    PolicyFixture target(String name, TargetSettings settings) {
        return target(name, settings, null, true, SenderConstraint.NONE, null);
    }

    PolicyFixture target(
            String name,
            TargetSettings settings,
            @Nullable Duration maxTtl,
            boolean enabled,
            SenderConstraint constraint,
            @Nullable String resource) {
        return put(
                targets,
                name,
                new TargetSpec(
                        "team@acme.example", resource, maxTtl, enabled, constraint, settings));
    }

    PolicyFixture grant(String name, GrantBuilder grant) {
        return put(grants, name, grant.spec());
    }

    private <S extends dev.tollbridge.bridge.config.Spec> PolicyFixture put(
            Map<String, Document<S>> documents, String name, S spec) {
        documents.put(name, new Document<>(name, Map.of(), Map.of(), spec, PLACE));
        return this;
    }

    Documents documents() {
        return new Documents(issuers, targets, grants, new TreeMap<>(), new TreeMap<>());
    }

    IssuerRegistry registry() {
        return TrustedIssuers.compile(documents(), PresetCatalogue.shipped(), null, null)
                .registry();
    }

    TrustedIssuer trusted(String name) {
        return Objects.requireNonNull(registry().named(name), "no issuer " + name);
    }

    TargetRegistry.Compiled targets() {
        return TargetRegistry.compile(
                documents(), Set.of(AUDIENCE), "https://bridge.acme.example", null);
    }

    PolicySet.Compiled compile() {
        return PolicySet.compile(documents(), targets().registry());
    }

    List<String> rules(List<Problem> problems) {
        return problems.stream().map(Problem::rule).toList();
    }

    List<Problem> lint() {
        return Lint.lint(documents(), compile().policies(), registry(), NOW);
    }

    /// Decides for claims of the issuer `github`, five minutes before the token's end.
    Decision decide(Map<String, ?> claims, TargetRequest request) {
        return decide("github", claims, request, SenderProof.NONE, true, NOW);
    }

    Decision decide(
            String issuer,
            Map<String, ?> claims,
            TargetRequest request,
            SenderProof proof,
            boolean proofPossible,
            Instant now) {
        return compile()
                .policies()
                .decide(
                        TestIdentities.of(trusted(issuer), claims(claims), NOW.plusSeconds(300)),
                        request,
                        proof,
                        proofPossible,
                        now);
    }

    /// The reason of a refusal; null: it was granted.
    @Nullable RefusalReason refusal(Map<String, ?> claims, TargetRequest request) {
        try {
            decide(claims, request);
            return null;
        } catch (Refusal refusal) {
            return refusal.reason();
        }
    }

    static Claims claims(Map<String, ?> members) {
        return new Claims(new LinkedHashMap<String, @Nullable Object>(members));
    }

    static Map<String, Object> githubClaims() {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("repository_id", "2002");
        claims.put("repository_owner_id", "1001");
        claims.put("repository", "acme/payments");
        claims.put("environment", "production");
        claims.put("ref", "refs/heads/main");
        claims.put("event_name", "push");
        return claims;
    }

    static TargetRequest request(
            String target, @Nullable Set<String> scope, @Nullable Duration ttl) {
        return new TargetRequest(List.of(target), List.of(), scope, ttl);
    }

    static MatchForm exact(Object value) {
        return new MatchForm.Exact(value);
    }

    /// A grant for `github` and `internal-api` until told otherwise.
    static final class GrantBuilder {
        private String issuer = "github";
        private Map<String, MatchForm> match = new LinkedHashMap<>();
        private @Nullable String condition;
        private final List<GrantSpec.Allow> allow = new ArrayList<>();
        private @Nullable LocalDate expires;
        private GrantSpec.Mode mode = GrantSpec.Mode.ENFORCE;
        private @Nullable Boolean mayOutlive;
        private @Nullable SenderConstraint constraint;
        private List<String> acknowledge = List.of();
        private boolean enabled = true;

        static GrantBuilder grant() {
            return new GrantBuilder();
        }

        /// The example of DESIGN 4.
        static GrantBuilder deploy() {
            return grant().match("repository_id", "2002")
                    .match("repository_owner_id", "1001")
                    .match("environment", "production")
                    .condition(
                            "claims.ref == 'refs/heads/main' && claims.event_name in ['push',"
                                    + " 'workflow_dispatch']");
        }

        GrantBuilder issuer(String name) {
            issuer = name;
            return this;
        }

        GrantBuilder match(String claim, Object value) {
            match.put(claim, value instanceof MatchForm form ? form : exact(value));
            return this;
        }

        GrantBuilder matching(Map<String, MatchForm> all) {
            match = new LinkedHashMap<>(all);
            return this;
        }

        GrantBuilder condition(@Nullable String text) {
            condition = text;
            return this;
        }

        GrantBuilder allow(String target, @Nullable Duration ttl, String... scopes) {
            allow.add(new GrantSpec.Allow(target, ttl, List.of(scopes)));
            return this;
        }

        GrantBuilder expires(String day) {
            expires = LocalDate.parse(day);
            return this;
        }

        GrantBuilder shadow() {
            mode = GrantSpec.Mode.SHADOW;
            return this;
        }

        GrantBuilder mayOutlive(boolean may) {
            mayOutlive = may;
            return this;
        }

        GrantBuilder constraint(SenderConstraint demanded) {
            constraint = demanded;
            return this;
        }

        GrantBuilder acknowledge(String... rules) {
            acknowledge = List.of(rules);
            return this;
        }

        GrantBuilder disabled() {
            enabled = false;
            return this;
        }

        GrantSpec spec() {
            return new GrantSpec(
                    "team@acme.example",
                    issuer,
                    match,
                    condition,
                    allow.isEmpty()
                            ? List.of(new GrantSpec.Allow("internal-api", null, List.of()))
                            : List.copyOf(allow),
                    expires,
                    mode,
                    mayOutlive,
                    constraint,
                    null,
                    acknowledge,
                    enabled);
        }
    }
}

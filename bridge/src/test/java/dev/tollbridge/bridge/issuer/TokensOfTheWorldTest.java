package dev.tollbridge.bridge.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.Document.Place;
import dev.tollbridge.bridge.config.DocumentReader;
import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.GrantSpec;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.Problem.Severity;
import dev.tollbridge.bridge.config.Spec;
import dev.tollbridge.bridge.config.TargetSpec;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.KeySource;
import dev.tollbridge.bridge.issuer.IssuerDocuments.Written;
import dev.tollbridge.bridge.issuer.SampleTokens.Sample;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.policy.Lint;
import dev.tollbridge.bridge.policy.PolicySet;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.TargetRegistry;
import dev.tollbridge.bridge.target.TargetRequest;
import dev.tollbridge.bridge.token.IdentityReader;
import dev.tollbridge.bridge.token.SenderProof;
import dev.tollbridge.bridge.token.SubjectToken;
import dev.tollbridge.bridge.token.TokenParser;
import dev.tollbridge.bridge.token.TokenVerifier;
import dev.tollbridge.bridge.token.VerificationKey;
import dev.tollbridge.bridge.token.WorkloadIdentity;
import java.nio.file.Path;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// For each of the thirty-two issuers: its sample tokens, really signed, go the whole way from text
/// to decision. The recommended grants accept them, refuse the ones of forks and strangers, and
/// pass the linter; the dangerous grants do not.
class TokensOfTheWorldTest {

    private static final RSAKey KEY = key();

    /// What one configuration makes of tokens.
    private record Bridge(Documents documents, IssuerRegistry issuers, PolicySet policies) {

        static Bridge of(Sample sample, List<ExampleGrant> grants) {
            Written written =
                    Written.preset(sample.preset())
                            .from(sample.issuer())
                            .forAudience(sample.audience())
                            .withKeys(new KeySource.Inline("{}"));
            Documents issuersOnly = new IssuerDocuments().with("it", written).documents();
            TreeMap<String, Document<GrantSpec>> grantDocuments = new TreeMap<>();
            for (int i = 0; i < grants.size(); i++) {
                String name = "grant-" + i;
                grantDocuments.put(name, document(name, grantSpec(grants.get(i))));
            }
            TreeMap<String, Document<TargetSpec>> targets = new TreeMap<>();
            targets.put("api", document("api", target()));
            Documents documents =
                    new Documents(
                            issuersOnly.issuers(),
                            targets,
                            grantDocuments,
                            new TreeMap<>(),
                            new TreeMap<>());
            TrustedIssuers.Compiled issuers =
                    TrustedIssuers.compile(
                            documents, PresetCatalogue.shipped(), Path.of("/etc/tollbridge"), null);
            assertThat(issuers.problems())
                    .filteredOn(p -> p.severity() == Severity.ERROR)
                    .isEmpty();
            TargetRegistry.Compiled registry =
                    TargetRegistry.compile(documents, Set.of(sample.audience()), null, null);
            assertThat(registry.problems()).isEmpty();
            PolicySet.Compiled policies = PolicySet.compile(documents, registry.registry());
            assertThat(policies.problems())
                    .filteredOn(p -> p.severity() == Severity.ERROR)
                    .isEmpty();
            return new Bridge(documents, issuers.registry(), policies.policies());
        }

        Decision decide(Sample sample) {
            return policies.decide(
                    identity(sample),
                    TargetRequest.named("api"),
                    SenderProof.NONE,
                    true,
                    SampleTokens.NOW);
        }

        WorkloadIdentity identity(Sample sample) {
            SubjectToken token = new TokenParser().parse(Secret.of(signed(sample.json())));
            TrustedIssuer issuer = issuers.resolve(token.issuer(), token.audience());
            TokenVerifier verifier =
                    new TokenVerifier(
                            (_, algorithm, keyId) ->
                                    VerificationKey.ofLibrary(
                                            keyId, algorithm, new RSASSAVerifier(publicKey())),
                            (_, _) -> {
                                throw new AssertionError("nobody asked for a review");
                            },
                            () -> SampleTokens.NOW);
            return new IdentityReader().read(verifier.verify(token, issuer));
        }

        List<Problem> errors() {
            return Lint.lint(documents, policies, issuers, SampleTokens.NOW).stream()
                    .filter(p -> p.severity() == Severity.ERROR)
                    .toList();
        }
    }

    private static <S extends Spec> Document<S> document(String name, S spec) {
        return new Document<>(name, Map.of(), Map.of(), spec, new Place("all.yaml", 1));
    }

    private static GrantSpec grantSpec(ExampleGrant example) {
        return new GrantSpec(
                "team-payments@acme.example",
                "it",
                example.match(),
                example.condition(),
                List.of(new GrantSpec.Allow("api", Duration.ofMinutes(10), List.of())),
                null,
                GrantSpec.Mode.ENFORCE,
                null,
                null,
                null,
                List.of(),
                true);
    }

    private static TargetSpec target() {
        return new TargetSpec(
                "team-payments@acme.example",
                null,
                null,
                true,
                TargetSpec.SenderConstraint.NONE,
                new TargetSpec.Jwt("https://api.acme.example", List.of(), Map.of(), "ES256"));
    }

    static List<Sample> samples() {
        return SampleTokens.all();
    }

    static List<Preset> presets() {
        return PresetCatalogueTest.trusted();
    }

    static Stream<Arguments> dangerous() {
        return presets().stream()
                .flatMap(p -> p.dangerous().stream().map(g -> Arguments.of(p.id(), g)));
    }

    static Stream<Arguments> recommended() {
        return presets().stream()
                .flatMap(p -> p.recommended().stream().map(g -> Arguments.of(p.id(), g)));
    }

    private static Preset preset(String id) {
        return Objects.requireNonNull(PresetCatalogue.shipped().find(id), id);
    }

    @Test
    void hasSamplesOfEveryTrustedIssuerAndOfNoOther() {
        Set<String> sampled = new HashSet<>();
        SampleTokens.all().stream().filter(Sample::accepted).forEach(s -> sampled.add(s.preset()));
        assertThat(sampled)
                .hasSize(32)
                .containsExactlyInAnyOrderElementsOf(presets().stream().map(Preset::id).toList());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void recommendedGrantsAcceptTheWorkloadAndNobodyElse(Sample sample) {
        Preset preset = preset(sample.preset());
        Bridge bridge = Bridge.of(sample, preset.recommended());
        if (sample.accepted()) {
            Decision decision = bridge.decide(sample);
            if (preset.mayOutlive()) {
                assertThat(decision.ttl()).isEqualTo(Duration.ofMinutes(10));
            } else {
                long expires = Objects.requireNonNull(sample.claims().integer("exp"));
                assertThat(SampleTokens.NOW.plus(decision.ttl()).getEpochSecond())
                        .isLessThanOrEqualTo(expires);
            }
        } else {
            Refusal refusal = catchThrowableOfType(Refusal.class, () -> bridge.decide(sample));
            assertThat(refusal).as("%s is accepted", sample).isNotNull();
            assertThat(refusal.reason())
                    .isIn(RefusalReason.GRANT_MISSING, RefusalReason.CLAIM_MALFORMED);
        }
    }

    @ParameterizedTest
    @MethodSource("recommended")
    void everyRecommendedGrantAcceptsASample(String preset, ExampleGrant grant) {
        List<Sample> accepted = new ArrayList<>();
        for (Sample sample : SampleTokens.of(preset)) {
            if (sample.accepted()) {
                try {
                    Bridge.of(sample, List.of(grant)).decide(sample);
                    accepted.add(sample);
                } catch (Refusal refusal) {
                    // another of the samples has to fit
                }
            }
        }
        assertThat(accepted).as("%s: %s", preset, grant.title()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("recommended")
    void everyRecommendedGrantPassesTheLinter(String preset, ExampleGrant grant) {
        Sample sample = SampleTokens.of(preset).getFirst();
        assertThat(Bridge.of(sample, List.of(grant)).errors())
                .as("%s: %s", preset, grant.title())
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("recommended")
    void everyRecommendedGrantLoadsAsTheDocumentationPrintsIt(String preset, ExampleGrant grant) {
        DocumentReader reader = new DocumentReader(LocalDate.of(2026, 11, 21));
        reader.read("grant.yaml", GrantYaml.document("deploy", preset, "api", grant));
        Document<GrantSpec> read =
                Objects.requireNonNull(reader.loaded().documents().grants().get("deploy"));
        assertThat(read.spec().match()).isEqualTo(grant.match());
        assertThat(read.spec().condition()).isEqualTo(grant.condition());
    }

    @ParameterizedTest
    @MethodSource("dangerous")
    void theLinterRefusesEveryDangerousGrant(String preset, ExampleGrant grant) {
        Sample sample = SampleTokens.of(preset).getFirst();
        assertThat(Bridge.of(sample, List.of(grant)).errors())
                .as("%s: %s", preset, grant.title())
                .isNotEmpty();
    }

    @Test
    void givesGitHubsTwoSubjectFormatsOneSubject() {
        assertThat(subject("github-actions", "environment-old-subject"))
                .isEqualTo(subject("github-actions", "environment-immutable-subject"))
                .isEqualTo("it:repo:1001:2002");
    }

    @Test
    void namesTheForkOfAMergeRequestAsItsSubject() {
        assertThat(subject("gitlab-com", "protected-environment")).isEqualTo("it:project:20");
        assertThat(subject("gitlab-com", "refused-fork-merge-request")).isEqualTo("it:project:666");
    }

    @Test
    void namesAServiceAccountByItsUidToo() {
        assertThat(subject("kubernetes", "pod-and-node"))
                .isEqualTo(
                        "it:serviceaccount:payments:deployer:aaaaaaaa-0000-4000-8000-000000000061");
    }

    @Test
    void putsTheIdentifyingClaimsIntoTheRecord() {
        Sample sample = SampleTokens.of("kubernetes", "pod-and-node");
        assertThat(
                        Bridge.of(sample, preset("kubernetes").recommended())
                                .identity(sample)
                                .identifyingClaims())
                .containsEntry("/kubernetes.io/pod/name", "deployer-7c9f")
                .containsEntry("/kubernetes.io/namespace", "payments");
    }

    private static String subject(String preset, String variant) {
        Sample sample = SampleTokens.of(preset, variant);
        return Bridge.of(sample, preset(preset).recommended()).identity(sample).subject();
    }

    private static String signed(String claims) {
        JWSObject jws =
                new JWSObject(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k1").build(),
                        new Payload(claims));
        try {
            jws.sign(new RSASSASigner(KEY));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jws.serialize();
    }

    private static RSAPublicKey publicKey() {
        try {
            return KEY.toRSAPublicKey();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RSAKey key() {
        try {
            return new RSAKeyGenerator(2048).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}

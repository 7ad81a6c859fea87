package dev.tollbridge.bridge.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.KeySource;
import dev.tollbridge.bridge.issuer.IssuerDocuments.Written;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerRegistryTest {

    private static final String GITLAB = "https://gitlab.com";
    private static final String OURS = "https://tollbridge.acme.example";
    private static final String LOCAL = "https://kubernetes.default.svc.cluster.local";

    private static IssuerRegistry registry(IssuerDocuments documents) {
        return TrustedIssuers.compile(
                        documents.documents(),
                        PresetCatalogue.shipped(),
                        Path.of("/etc/tollbridge"),
                        null)
                .registry();
    }

    private static Written cluster(String audience) {
        return Written.preset("k8s")
                .from(LOCAL)
                .forAudience(audience)
                .withKeys(new KeySource.File("jwks.json"));
    }

    private static Refusal refusal(IssuerRegistry registry, String iss, List<String> audience) {
        return catchThrowableOfType(Refusal.class, () -> registry.resolve(iss, audience));
    }

    @Test
    void findsTheIssuerByItsExactUrl() {
        IssuerRegistry registry =
                registry(new IssuerDocuments().with("it", Written.preset("gitlab")));
        assertThat(registry.resolve(GITLAB, List.of(OURS)).name()).isEqualTo("it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://gitlab.com/",
                "https://GITLAB.com",
                "http://gitlab.com",
                "https://gitlab.com.evil.example",
                "https://gitlab.com\u0000",
                " https://gitlab.com",
                "",
                "gitlab.com"
            })
    void refusesEveryOtherUrl(String iss) {
        IssuerRegistry registry =
                registry(new IssuerDocuments().with("it", Written.preset("gitlab")));
        Refusal refusal = refusal(registry, iss, List.of(OURS));
        assertThat(refusal.reason()).isEqualTo(RefusalReason.ISSUER_UNKNOWN);
        assertThat(refusal.detail()).doesNotContain("gitlab").contains("no trusted issuer");
    }

    @Test
    void refusesEverythingWhenNothingIsConfigured() {
        assertThat(refusal(IssuerRegistry.empty(), GITLAB, List.of(OURS)).reason())
                .isEqualTo(RefusalReason.ISSUER_UNKNOWN);
    }

    @Test
    void refusesTokensForAnotherAudience() {
        IssuerRegistry registry =
                registry(new IssuerDocuments().with("it", Written.preset("gitlab")));
        for (List<String> audience :
                List.of(
                        List.<String>of(),
                        List.of("https://other.example"),
                        List.of(OURS + "/"),
                        List.of(OURS, OURS),
                        List.of(OURS, "https://other.example"),
                        List.of("https://other.example", OURS))) {
            Refusal refusal = refusal(registry, GITLAB, audience);
            assertThat(refusal.reason()).isEqualTo(RefusalReason.AUDIENCE_MISMATCH);
            assertThat(refusal.detail()).contains("trusted issuer it").doesNotContain("other");
        }
    }

    @Test
    void tellsClustersThatShareAnIssuerApartByAudience() {
        IssuerRegistry registry =
                registry(
                        new IssuerDocuments()
                                .with("a", cluster(OURS + "/a"))
                                .with("b", cluster(OURS + "/b")));
        assertThat(registry.resolve(LOCAL, List.of(OURS + "/a")).name()).isEqualTo("a");
        assertThat(registry.resolve(LOCAL, List.of(OURS + "/b")).name()).isEqualTo("b");
        assertThat(refusal(registry, LOCAL, List.of(OURS)).detail())
                .contains("trusted issuer a or b");
    }

    @Test
    void tellsTheOperatorThatAnIssuerIsDisabled() {
        IssuerRegistry registry =
                registry(new IssuerDocuments().with("it", Written.preset("gitlab").disabled()));
        for (List<String> audience : List.of(List.of(OURS), List.of("https://other.example"))) {
            Refusal refusal = refusal(registry, GITLAB, audience);
            assertThat(refusal.reason()).isEqualTo(RefusalReason.ISSUER_UNKNOWN);
            assertThat(refusal.detail()).isEqualTo("trusted issuer it is disabled");
        }
        assertThat(registry.named("it")).isNull();
        assertThat(registry.enabled()).isEmpty();
    }

    @Test
    void disablesOneOfSeveralThatShareAnIssuer() {
        IssuerRegistry registry =
                registry(
                        new IssuerDocuments()
                                .with("a", cluster(OURS + "/a").disabled())
                                .with("b", cluster(OURS + "/b")));
        assertThat(refusal(registry, LOCAL, List.of(OURS + "/a")).detail())
                .isEqualTo("trusted issuer a is disabled");
        assertThat(registry.resolve(LOCAL, List.of(OURS + "/b")).name()).isEqualTo("b");
        assertThat(refusal(registry, LOCAL, List.of(OURS)).reason())
                .isEqualTo(RefusalReason.AUDIENCE_MISMATCH);
    }
}

package dev.tollbridge.bridge.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.Document.Place;
import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.TargetSpec;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.config.TargetSpec.TargetSettings;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetRegistryTest {

    private final TreeMap<String, Document<TargetSpec>> targets = new TreeMap<>();

    @Test
    void findsByNameByResourceAndByAudience() {
        add("api", jwt("https://api.example"));
        assertThat(named("api")).isEqualTo("api");
        assertThat(resource("https://api.example")).isEqualTo("api");
        assertThat(named("https://api.example")).isEqualTo("api");
        assertThat(select(List.of("api"), List.of("https://api.example"))).isEqualTo("api");
    }

    @Test
    void refusesRequestsThatNameNoSingleTarget() {
        add("a", jwt("https://a.example"));
        add("b", jwt("https://b.example"));
        refuses(RefusalReason.REQUEST_MALFORMED, List.of(), List.of());
        refuses(RefusalReason.TARGET_UNKNOWN, List.of("a", "b"), List.of());
        refuses(RefusalReason.TARGET_UNKNOWN, List.of("a"), List.of("https://b.example"));
        refuses(
                RefusalReason.TARGET_UNKNOWN,
                List.of(),
                List.of("https://a.example", "https://b.example"));
        refuses(RefusalReason.TARGET_UNKNOWN, List.of("c"), List.of());
        refuses(RefusalReason.TARGET_UNKNOWN, List.of("A"), List.of());
        refuses(RefusalReason.TARGET_UNKNOWN, List.of(), List.of("https://a.example#x"));
        refuses(RefusalReason.TARGET_UNKNOWN, List.of(), List.of("https://a.example/"));
        refuses(RefusalReason.TARGET_UNKNOWN, List.of(), List.of("a"));
        refuses(RefusalReason.TARGET_UNKNOWN, List.of(), List.of(""));
    }

    @Test
    @DisplayName("DESIGN 14 rule 17: an audience that could mean several targets is refused")
    void rule17_ambiguousAudienceIsRefused() {
        add("one", jwt("shared"));
        add("two", jwt("shared"));
        assertThat(problems()).isEmpty();
        refuses(RefusalReason.TARGET_UNKNOWN, List.of("shared"), List.of());
        assertThat(named("one")).isEqualTo("one");
    }

    @Test
    void aRefusalQuotesLittleOfTheRequest() {
        add("api", jwt("https://api.example"));
        assertThatThrownBy(() ->
                        registry().select(TargetRequest.named("x\n\u001b" + "y".repeat(5000))))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal ->
                                assertThat(refusal.detail())
                                        .hasSizeLessThan(200)
                                        .doesNotContain("\n")
                                        .doesNotContain("\u001b"));
    }

    @Test
    void resourcesAreUniqueAbsoluteUris() {
        add("a", jwt("https://api.example"));
        add("b", jwt("https://api.example"));
        assertThat(problems()).containsExactly("duplicate-resource");
        targets.clear();
        put("a", jwt("x"), "not absolute", null, SenderConstraint.NONE);
        put("b", jwt("y"), "https://api.example#fragment", null, SenderConstraint.NONE);
        assertThat(problems()).containsExactly("bad-resource", "bad-resource");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://tollbridge.acme.example",
                "https://tollbridge.acme.example/",
                "HTTPS://TOLLBRIDGE.acme.example",
                "https://bridge.acme.example",
                "https://bridge.acme.example/federation",
            })
    @DisplayName("DESIGN 14 rule 1: no target mints an audience that a trusted issuer accepts")
    void rule1_noSelfRenewal(String audience) {
        add("api", jwt(audience));
        assertThat(problems()).containsExactly("self-renewal");
    }

    @Test
    @DisplayName("DESIGN 14 rule 1: no other kind mints such an audience either")
    void rule1_noSelfRenewalByAnotherKind() {
        add(
                "pod",
                new TargetSpec.Kubernetes(
                        null,
                        true,
                        "ns",
                        "sa",
                        List.of("https://tollbridge.acme.example"),
                        TargetSpec.Kubernetes.BindTo.NONE));
        assertThat(problems()).containsExactly("self-renewal");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sts.amazonaws.com",
                "api://AzureADTokenExchange",
                "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/r",
                "https://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/r",
            })
    @DisplayName("DESIGN 14 rule 1: no jwt target uses an audience of the federation issuer")
    void rule1_noCloudAudience(String audience) {
        add("api", jwt(audience));
        assertThat(problems()).containsExactly("cloud-audience");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "exp", "scope", "cnf", "act", "may_act", "client_id", "SUB"})
    @DisplayName("DESIGN 14 rule 1: jwt targets cannot set registered claims")
    void rule1_noRegisteredClaims(String claim) {
        add("api", new TargetSpec.Jwt("x", List.of(), Map.of(claim, "y"), "ES256"));
        assertThat(problems()).containsExactly("registered-claim");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://aws.amazon.com/tags",
                "https://aws.amazon.com/source_identity",
                "google",
                "kubernetes.io",
                "xms_mirid",
            })
    @DisplayName("DESIGN 14 rule 1: jwt targets cannot set a cloud's claims")
    void rule1_noCloudClaims(String claim) {
        add("api", new TargetSpec.Jwt("x", List.of(), Map.of(claim, "y"), "ES256"));
        assertThat(problems()).containsExactly("cloud-claim");
    }

    @Test
    @DisplayName("DESIGN 14 rule 11: kinds that cannot be bound refuse senderConstraint at load")
    void rule11_unbindableKindsRefuseSenderConstraint() {
        put("aws", aws(), null, null, SenderConstraint.ANY);
        assertThat(problems()).containsExactly("unbindable-constraint");
    }

    @Test
    void refusesAGoogleTargetThatGoogleCouldNotName() {
        String provider =
                "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/r";
        TargetSettings google = new TargetSpec.Google(provider, null, List.of(), null, null, null);
        add("g".repeat(113), google);
        assertThat(problems()).isEmpty();
        add("g".repeat(114), google);
        assertThat(problems()).containsExactly("name-too-long");
    }

    @Test
    void refusesLifetimesThatTheProviderCannotIssue() {
        put("a", aws(), null, Duration.ofMinutes(14), SenderConstraint.NONE);
        put("b", aws(), null, Duration.ofHours(13), SenderConstraint.NONE);
        assertThat(problems()).containsExactly("ttl-below-minimum", "ttl-above-maximum");
    }

    private static TargetSettings jwt(String audience) {
        return new TargetSpec.Jwt(audience, List.of(), Map.of("team", "x"), "ES256");
    }

    private static TargetSettings aws() {
        return new TargetSpec.Aws(
                "arn:aws:iam::111122223333:role/x",
                "eu-west-1",
                null,
                Map.of(),
                List.of(),
                null,
                null,
                List.of());
    }

    private void add(String name, TargetSettings settings) {
        put(name, settings, null, null, SenderConstraint.NONE);
    }

    private void put(
            String name,
            TargetSettings settings,
            @Nullable String resource,
            @Nullable Duration maxTtl,
            SenderConstraint constraint) {
        targets.put(
                name,
                new Document<>(
                        name,
                        Map.of(),
                        Map.of(),
                        new TargetSpec(
                                "o@acme.example", resource, maxTtl, true, constraint, settings),
                        new Place("t.yaml", 1)));
    }

    private TargetRegistry.Compiled compiled() {
        return TargetRegistry.compile(
                new Documents(
                        new TreeMap<>(),
                        targets,
                        new TreeMap<>(),
                        new TreeMap<>(),
                        new TreeMap<>()),
                Set.of("https://tollbridge.acme.example"),
                "https://bridge.acme.example",
                null);
    }

    private TargetRegistry registry() {
        return compiled().registry();
    }

    private List<String> problems() {
        return compiled().problems().stream().map(Problem::rule).toList();
    }

    private String named(String audience) {
        return select(List.of(audience), List.of());
    }

    private String resource(String resource) {
        return select(List.of(), List.of(resource));
    }

    private String select(List<String> audiences, List<String> resources) {
        return registry().select(new TargetRequest(audiences, resources, null, null)).name();
    }

    private void refuses(RefusalReason reason, List<String> audiences, List<String> resources) {
        assertThatThrownBy(() -> select(audiences, resources))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
    }
}

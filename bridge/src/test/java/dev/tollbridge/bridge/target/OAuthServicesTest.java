package dev.tollbridge.bridge.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.config.TargetSpec.OAuth;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OAuthServicesTest {

    @Test
    void everyPresetIsCompleteAndSaysWhereItsFactsComeFrom() {
        assertThat(OAuthServices.all()).hasSizeGreaterThanOrEqualTo(3);
        for (OAuthService service : OAuthServices.all()) {
            assertThat(service.tokenEndpoint()).as(service.id()).startsWith("https://");
            assertThat(service.sources()).as(service.id()).isNotEmpty();
            assertThat(service.setup()).as(service.id()).isNotEmpty();
            assertThat(service.subjectTokenType()).isIn("jwt", "id_token", "access_token");
            assertThat(service.assertionParameter() != null)
                    .isEqualTo(service.request() == OAuthRequest.ASSERTION);
            assertThat(OAuthServices.find(service.id())).isEqualTo(service);
        }
    }

    @Test
    void anUnknownPresetIsAnError() {
        assertThat(rules(oauth("tailscal", null, null, Map.of())))
                .containsExactly("unknown-preset preset");
    }

    @Test
    void whatEachCustomerHasOfItsOwnMustBeWritten() {
        assertThat(rules(oauth("tailscale", null, null, Map.of())))
                .containsExactly("preset-needs clientId", "preset-needs assertionAudience");
        assertThat(rules(oauth("confluent-cloud", null, "a", Map.of())))
                .containsExactly("preset-needs parameters");
        assertThat(rules(oauth("confluent-cloud", null, "a", Map.of("identity_pool_id", "p"))))
                .isEmpty();
    }

    @Test
    void whatThePresetSaysMustNotBeWritten() {
        assertThat(rules(oauth("tailscale", "token-exchange", "a", Map.of("x", "y"))))
                .containsExactly(
                        "preset-needs clientId",
                        "preset-decides parameters.x",
                        "preset-decides grantType");
    }

    @Test
    void aLifeThatTheServerChoosesIsTheLeastThatCanBeGranted() {
        assertThat(KindFacts.of(oauth("tailscale", null, "a", Map.of())).minimumTtl())
                .isEqualTo(Duration.ofHours(1));
        // Told how long, it keeps to it.
        assertThat(KindFacts.of(oauth("pulumi-cloud", null, "a", Map.of())).minimumTtl())
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(KindFacts.of(oauth("nobody", null, null, Map.of())).minimumTtl())
                .isEqualTo(Duration.ofSeconds(1));
    }

    private static List<String> rules(OAuth oauth) {
        return OAuthRules.of(oauth).stream()
                .map(finding -> finding.rule() + " " + finding.field())
                .toList();
    }

    private static OAuth oauth(
            String preset,
            @Nullable String grantType,
            @Nullable String assertionAudience,
            Map<String, String> parameters) {
        return new OAuth(
                preset,
                null,
                grantType,
                null,
                null,
                null,
                List.of(),
                assertionAudience,
                null,
                null,
                null,
                null,
                parameters);
    }
}

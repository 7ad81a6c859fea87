package dev.tollbridge.webhook.registration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.webhook.decide.Mode;
import dev.tollbridge.webhook.decide.Settings;
import dev.tollbridge.webhook.decide.Settings.NamespaceRule;
import dev.tollbridge.webhook.decide.Uninspectable;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// DESIGN 14, rule 15. That an API server takes them and goes by them is RealApiServerTest's.
class RegistrationTest {

    private static final Settings SETTINGS =
            new Settings(
                    Mode.AUDIT,
                    List.of(
                            new NamespaceRule("payments", null, Mode.ENFORCE),
                            new NamespaceRule("quiet", null, Mode.OFF),
                            new NamespaceRule(null, "team-*", Mode.ENFORCE)),
                    Uninspectable.WARN,
                    List.of(),
                    Set.of("kube-system", "tollbridge"),
                    List.of());

    private final Registration registration =
            new Registration(
                    SETTINGS,
                    new Reachable.Service("tollbridge", "webhook", 443, "PEM"),
                    List.of("tollbridge"),
                    false);

    private static String mode(JsonNode webhook) {
        return webhook.at("/matchConditions/0/expression").asText();
    }

    @Test
    void failsClosedOnlyWhereItEnforces() {
        JsonNode webhooks = registration.validating().path("webhooks");

        assertThat(webhooks.get(0).path("failurePolicy").asText()).isEqualTo("Fail");
        assertThat(mode(webhooks.get(0)))
                .isEqualTo(
                        "request.namespace in ['kube-system', 'tollbridge'] ? (request.namespace in"
                                + " ['payments', 'quiet'] ? false : request.namespace.matches('^team-.*$') ?"
                                + " false : false) : (request.namespace in ['payments'] ? true :"
                                + " request.namespace in ['quiet'] ? false :"
                                + " request.namespace.matches('^team-.*$') ? true : false)");
        for (int i = 1; i < webhooks.size(); i++) {
            assertThat(webhooks.get(i).path("failurePolicy").asText()).isEqualTo("Ignore");
        }
    }

    @Test
    void asksEverywhereElseWithoutFailingClosed() {
        assertThat(mode(registration.validating().path("webhooks").get(1)))
                .endsWith(
                        "(request.namespace in ['payments', 'quiet'] ? false :"
                                + " request.namespace.matches('^team-.*$') ? false : true)");
    }

    @Test
    void neverAsksAboutItsOwnNamespaceAndIsReachedThroughItsService() {
        for (JsonNode configuration : registration.list().path("items")) {
            for (JsonNode webhook : configuration.path("webhooks")) {
                assertThat(webhook.at("/namespaceSelector/matchExpressions/0").toString())
                        .isEqualTo(
                                "{\"key\":\"kubernetes.io/metadata.name\",\"operator\":\"NotIn\",\"values\":[\"tollbridge\"]}");
                assertThat(webhook.path("timeoutSeconds").asInt()).isBetween(2, 3);
                assertThat(webhook.path("matchPolicy").asText()).isEqualTo("Equivalent");
                assertThat(webhook.at("/clientConfig/caBundle").asText()).isEqualTo("UEVN");
                assertThat(webhook.at("/clientConfig/service/name").asText()).isEqualTo("webhook");
            }
        }
    }

    @Test
    void asksAboutEphemeralContainersAndEveryKindThatMakesPods() {
        String rules = registration.validating().toString();

        assertThat(rules)
                .contains("pods/ephemeralcontainers", "secrets", "configmaps", "deployments")
                .contains("replicasets", "statefulsets", "daemonsets", "jobs", "cronjobs")
                .contains("replicationcontrollers", "podtemplates");
    }

    @Test
    void injectsOnlyIntoPodsThatAsk() {
        for (JsonNode webhook : registration.mutating().path("webhooks")) {
            assertThat(webhook.at("/objectSelector/matchLabels").toString())
                    .isEqualTo("{\"tollbridge.dev/inject\":\"true\"}");
            assertThat(webhook.path("reinvocationPolicy").asText()).isEqualTo("IfNeeded");
        }
    }

    @Test
    void nobodyApprovesAnExemptionWhileTheWebhookIsAwayAndEnforcingCanBeSwitchedOff() {
        JsonNode webhooks =
                new Registration(SETTINGS, new Reachable.Url("https://w", ""), List.of(), true)
                        .validating()
                        .path("webhooks");

        JsonNode exemptions = webhooks.get(webhooks.size() - 2);
        assertThat(exemptions.at("/rules/0/resources/0").asText()).isEqualTo("exemptions");
        assertThat(exemptions.path("failurePolicy").asText()).isEqualTo("Fail");
        assertThat(exemptions.at("/rules/0/scope").asText()).isEqualTo("Cluster");
        assertThat(exemptions.has("matchConditions")).isFalse();
        JsonNode settings = webhooks.get(webhooks.size() - 1);
        assertThat(settings.at("/rules/0/resources/0").asText()).isEqualTo("admissionsettings");
        assertThat(settings.path("failurePolicy").asText()).isEqualTo("Ignore");
    }

    @Test
    void b17_everyVersionOfAnObjectIsAskedAbout() {
        for (JsonNode configuration : registration.list().path("items")) {
            for (JsonNode webhook : configuration.path("webhooks")) {
                assertThat(webhook.path("matchPolicy").asText()).isEqualTo("Equivalent");
            }
        }
    }
}

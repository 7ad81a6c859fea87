package dev.tollbridge.webhook.registration;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.webhook.decide.Mode;
import dev.tollbridge.webhook.decide.Settings;
import java.util.List;

/// Generates the configurations (DESIGN 14, rule 15): the API server refuses what it cannot ask
/// about in namespaces that enforce, and lets it pass everywhere else. Nothing is asked about in
/// the namespace of the webhook itself, and nothing fails closed that the cluster depends on.
public final class Registration {

    public static final String NAME = "tollbridge-webhook";

    private static final String DOMAIN = ".webhook.tollbridge.dev";
    private static final int TIMEOUT_SECONDS = 3;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    static final String MIRROR =
            "!(request.resource.resource == 'pods' && has(request.userInfo.groups) && 'system:nodes' in"
                    + " request.userInfo.groups && object != null && has(object.metadata.annotations) &&"
                    + " 'kubernetes.io/config.mirror' in object.metadata.annotations)";

    private final Settings settings;
    private final Reachable reachable;
    private final List<String> notAsked;
    private final boolean ownDocuments;

    /// @param ownNamespaces where the webhook and what it needs run: never asked about
    /// @param ownDocuments whether its settings are custom resources, so that it is asked about
    ///   these
    public Registration(
            Settings settings,
            Reachable reachable,
            List<String> ownNamespaces,
            boolean ownDocuments) {
        this.settings = settings;
        this.ownDocuments = ownDocuments;
        this.reachable = reachable;
        this.notAsked = List.copyOf(ownNamespaces);
    }

    /// All of it, as a List that `kubectl apply` takes.
    public ObjectNode list() {
        ObjectNode list = JSON.objectNode().put("apiVersion", "v1").put("kind", "List");
        list.putArray("items").add(validating()).add(mutating());
        return list;
    }

    public ObjectNode validating() {
        ObjectNode configuration = configuration("ValidatingWebhookConfiguration");
        ArrayNode webhooks = configuration.putArray("webhooks");
        ObjectNode enforce = webhook(webhooks.addObject(), "enforce", "/validate", true);
        contents(enforce.putArray("rules"));
        ObjectNode observe = webhook(webhooks.addObject(), "observe", "/validate", false);
        contents(observe.putArray("rules"));
        // Templates are only ever warned of: whether the webhook answers does not decide anything.
        ObjectNode templates = webhook(webhooks.addObject(), "templates", "/validate", false);
        conditions(templates, mode -> mode != Mode.OFF && mode != Mode.AUDIT);
        templates(templates.putArray("rules"));
        // What is deleted shows what was stored; nothing is ever refused.
        ObjectNode deletions = webhook(webhooks.addObject(), "deletions", "/validate", false);
        conditions(deletions, mode -> mode != Mode.OFF);
        rule(
                deletions.putArray("rules"),
                "",
                "v1",
                List.of("secrets", "configmaps"),
                List.of("DELETE"));
        if (ownDocuments) {
            // Nobody approves where nobody can be asked who may.
            own(webhooks.addObject(), "exemptions", "exemptions", "/validate", true);
            // Whoever switches enforcing off must be able to while the webhook is away.
            own(webhooks.addObject(), "admissionsettings", "admissionsettings", "/validate", false);
        }
        return configuration;
    }

    private void own(
            ObjectNode webhook, String name, String resource, String path, boolean closed) {
        webhook(webhook, name, path, closed).remove("matchConditions");
        ArrayNode rules = webhook.putArray("rules");
        List<String> written = List.of("CREATE", "UPDATE");
        rule(rules, "tollbridge.dev", "v1alpha1", List.of(resource), written, "Cluster");
    }

    public ObjectNode mutating() {
        ObjectNode configuration = configuration("MutatingWebhookConfiguration");
        ArrayNode webhooks = configuration.putArray("webhooks");
        for (boolean enforced : new boolean[] {true, false}) {
            ObjectNode inject =
                    webhook(
                            webhooks.addObject(),
                            enforced ? "inject" : "inject-elsewhere",
                            "/mutate",
                            enforced);
            if (!enforced) {
                // Who asks for injection is injected into, also where nothing is looked at.
                conditions(inject, mode -> mode != Mode.ENFORCE);
            }
            inject.put("reinvocationPolicy", "IfNeeded");
            inject.putObject("objectSelector")
                    .putObject("matchLabels")
                    .put("tollbridge.dev/inject", "true");
            rule(inject.putArray("rules"), "", "v1", List.of("pods"), List.of("CREATE"));
        }
        if (ownDocuments) {
            // Stamps what is approved: an exemption without a stamp does not hold.
            own(webhooks.addObject(), "approvals", "exemptions", "/mutate", true);
        }
        return configuration;
    }

    private static ObjectNode configuration(String kind) {
        ObjectNode configuration =
                JSON.objectNode()
                        .put("apiVersion", "admissionregistration.k8s.io/v1")
                        .put("kind", kind);
        ObjectNode metadata = configuration.putObject("metadata").put("name", NAME);
        metadata.putObject("labels").put("app.kubernetes.io/name", NAME);
        return configuration;
    }

    private ObjectNode webhook(ObjectNode webhook, String name, String path, boolean enforced) {
        webhook.put("name", name + DOMAIN);
        webhook.putArray("admissionReviewVersions").add("v1");
        reachable.describe(webhook.putObject("clientConfig"), path);
        webhook.put("failurePolicy", enforced ? "Fail" : "Ignore");
        webhook.put("matchPolicy", "Equivalent");
        // Verdicts and the list of findings are kept and events written, but not of a dry run.
        webhook.put("sideEffects", "NoneOnDryRun");
        webhook.put("timeoutSeconds", TIMEOUT_SECONDS);
        ObjectNode selector = webhook.putObject("namespaceSelector");
        if (!notAsked.isEmpty()) {
            ObjectNode expression = selector.putArray("matchExpressions").addObject();
            expression.put("key", "kubernetes.io/metadata.name").put("operator", "NotIn");
            notAsked.forEach(expression.putArray("values")::add);
        }
        conditions(
                webhook,
                enforced
                        ? mode -> mode == Mode.ENFORCE
                        : mode -> mode != Mode.ENFORCE && mode != Mode.OFF);
        return webhook;
    }

    private void conditions(ObjectNode webhook, java.util.function.Predicate<Mode> mode) {
        ArrayNode conditions = webhook.putArray("matchConditions");
        conditions
                .addObject()
                .put("name", "mode-of-the-namespace")
                .put("expression", new NamespaceConditions(settings).where(mode));
        conditions.addObject().put("name", "no-mirror-pods-of-nodes").put("expression", MIRROR);
    }

    private static void contents(ArrayNode rules) {
        List<String> written = List.of("CREATE", "UPDATE");
        rule(rules, "", "v1", List.of("secrets", "configmaps"), written);
        rule(rules, "", "v1", List.of("pods", "pods/ephemeralcontainers"), written);
    }

    private static void templates(ArrayNode rules) {
        List<String> written = List.of("CREATE", "UPDATE");
        rule(
                rules,
                "apps",
                "v1",
                List.of("deployments", "replicasets", "statefulsets", "daemonsets"),
                written);
        rule(rules, "batch", "v1", List.of("jobs", "cronjobs"), written);
        rule(rules, "", "v1", List.of("replicationcontrollers", "podtemplates"), written);
    }

    private static void rule(
            ArrayNode rules,
            String group,
            String version,
            List<String> resources,
            List<String> operations) {
        rule(rules, group, version, resources, operations, "Namespaced");
    }

    private static void rule(
            ArrayNode rules,
            String group,
            String version,
            List<String> resources,
            List<String> operations,
            String scope) {
        ObjectNode rule = rules.addObject();
        rule.putArray("apiGroups").add(group);
        rule.putArray("apiVersions").add(version);
        resources.forEach(rule.putArray("resources")::add);
        operations.forEach(rule.putArray("operations")::add);
        rule.put("scope", scope);
    }
}

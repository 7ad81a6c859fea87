package dev.tollbridge.webhook.registration;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.webhook.decide.Mode;
import dev.tollbridge.webhook.decide.Outcome;
import dev.tollbridge.webhook.decide.Settings;
import dev.tollbridge.webhook.registration.StructuralRules.Rule;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The CEL edition: ValidatingAdmissionPolicies with the structural rules, which the API server
/// evaluates itself, for the time in which the webhook is away. Generated from what the webhook
/// goes by; content is not judged here, and what a Secret holds cannot be.
public final class Backstop {

    private static final String NAME = "tollbridge-backstop";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final NamespaceConditions conditions;
    private final List<String> notAsked;
    private final List<Rule> refusing;
    private final List<Rule> warning;
    private final List<Rule> recording;

    /// @param rules what there is to say, and how grave it is where a namespace enforces
    /// @param ownNamespaces where the webhook and what it needs run: never asked about
    public Backstop(Settings settings, StructuralRules rules, List<String> ownNamespaces) {
        this.conditions = new NamespaceConditions(settings);
        this.notAsked = List.copyOf(ownNamespaces);
        this.refusing = rules.of(Outcome.REFUSED);
        this.warning = rules.of(Outcome.WARNED);
        this.recording = rules.of(Outcome.RECORDED);
    }

    /// All of it, as a List that `kubectl apply` takes.
    public ObjectNode list() {
        ObjectNode list = JSON.objectNode().put("apiVersion", "v1").put("kind", "List");
        ArrayNode items = list.putArray("items");
        add(items, "enforce", mode -> mode == Mode.ENFORCE, refusing, "Deny");
        add(items, "enforce-warn", mode -> mode == Mode.ENFORCE, warning, "Warn");
        add(items, "enforce-record", mode -> mode == Mode.ENFORCE, recording, null);
        add(items, "warn", mode -> mode == Mode.WARN, both(refusing, warning), "Warn");
        add(items, "warn-record", mode -> mode == Mode.WARN, recording, null);
        add(
                items,
                "audit",
                mode -> mode == Mode.AUDIT,
                both(both(refusing, warning), recording),
                null);
        return list;
    }

    private static List<Rule> both(List<Rule> one, List<Rule> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    /// @param action beside the entry in the API server's audit log; null: none
    private void add(
            ArrayNode items,
            String level,
            Predicate<Mode> mode,
            List<Rule> rules,
            @Nullable String action) {
        if (rules.isEmpty()) {
            return;
        }
        String name = NAME + "-" + level;
        ObjectNode policy = object(items, "ValidatingAdmissionPolicy", name);
        ObjectNode spec = policy.putObject("spec");
        // A rule that cannot be evaluated is one that is not known to hold.
        spec.put("failurePolicy", "Deny".equals(action) ? "Fail" : "Ignore");
        ObjectNode constraints = spec.putObject("matchConstraints");
        constraints.put("matchPolicy", "Equivalent");
        ArrayNode resources = constraints.putArray("resourceRules");
        resource(resources, "pods", "CREATE");
        resource(resources, "pods/ephemeralcontainers", "UPDATE");
        ArrayNode matches = spec.putArray("matchConditions");
        matches.addObject()
                .put("name", "mode-of-the-namespace")
                .put("expression", conditions.where(mode));
        matches.addObject()
                .put("name", "no-mirror-pods-of-nodes")
                .put("expression", Registration.MIRROR);
        ArrayNode variables = spec.putArray("variables");
        StructuralRules.VARIABLES.forEach(variable ->
                variables
                        .addObject()
                        .put("name", variable.name())
                        .put("expression", variable.expression()));
        ArrayNode validations = spec.putArray("validations");
        for (Rule rule : rules) {
            validations
                    .addObject()
                    .put("expression", rule.holds())
                    .put("message", "tollbridge (backstop): " + rule.message());
        }
        ObjectNode binding = object(items, "ValidatingAdmissionPolicyBinding", name);
        ObjectNode bound = binding.putObject("spec");
        bound.put("policyName", name);
        ArrayNode actions = bound.putArray("validationActions");
        if (action != null) {
            actions.add(action);
        }
        actions.add("Audit");
        if (!notAsked.isEmpty()) {
            ObjectNode expression =
                    bound.putObject("matchResources")
                            .putObject("namespaceSelector")
                            .putArray("matchExpressions")
                            .addObject();
            expression.put("key", "kubernetes.io/metadata.name").put("operator", "NotIn");
            notAsked.forEach(expression.putArray("values")::add);
        }
    }

    private static void resource(ArrayNode rules, String resource, String operation) {
        ObjectNode rule = rules.addObject();
        rule.putArray("apiGroups").add("");
        rule.putArray("apiVersions").add("v1");
        rule.putArray("resources").add(resource);
        rule.putArray("operations").add(operation);
        rule.put("scope", "Namespaced");
    }

    private static ObjectNode object(ArrayNode items, String kind, String name) {
        ObjectNode object = items.addObject();
        object.put("apiVersion", "admissionregistration.k8s.io/v1").put("kind", kind);
        object.putObject("metadata")
                .put("name", name)
                .putObject("labels")
                .put("app.kubernetes.io/name", Registration.NAME);
        return object;
    }
}

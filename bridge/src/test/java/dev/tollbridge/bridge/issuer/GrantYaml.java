package dev.tollbridge.bridge.issuer;

import dev.tollbridge.bridge.config.MatchForm;
import java.util.List;
import java.util.Map;

/// An example grant as the YAML a user would write.
final class GrantYaml {

    private GrantYaml() {}

    /// The whole document, for a trusted issuer and a target of these names.
    static String document(String name, String issuer, String target, ExampleGrant grant) {
        StringBuilder yaml = new StringBuilder();
        yaml.append("apiVersion: tollbridge.dev/v1alpha1\n")
                .append("kind: Grant\n")
                .append("metadata: {name: ")
                .append(name)
                .append("}\n")
                .append("spec:\n")
                .append("  owner: team-payments@acme.example\n")
                .append("  issuer: ")
                .append(issuer)
                .append('\n');
        subjects(yaml, grant);
        return yaml.append("  allow:\n")
                .append("    - {target: ")
                .append(target)
                .append(", ttl: 10m}\n")
                .toString();
    }

    private static void subjects(StringBuilder yaml, ExampleGrant grant) {
        if (!grant.match().isEmpty()) {
            yaml.append("  match:\n");
            for (Map.Entry<String, MatchForm> entry : grant.match().entrySet()) {
                yaml.append("    ")
                        .append(key(entry.getKey()))
                        .append(": ")
                        .append(form(entry.getValue()))
                        .append('\n');
            }
        }
        if (grant.condition() != null) {
            yaml.append("  condition: ").append(quoted(grant.condition())).append('\n');
        }
    }

    private static String form(MatchForm form) {
        return switch (form) {
            case MatchForm.Exact(Boolean truth) -> truth.toString();
            case MatchForm.Exact(Object value) -> quoted(value.toString());
            case MatchForm.Prefix(String prefix) -> "{prefix: " + quoted(prefix) + "}";
            case MatchForm.Glob(String glob) -> "{glob: " + quoted(glob) + "}";
            case MatchForm.AnyOf(List<MatchForm> forms) ->
                    "{anyOf: ["
                            + String.join(", ", forms.stream().map(GrantYaml::form).toList())
                            + "]}";
        };
    }

    private static String key(String claim) {
        return claim.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_')
                ? claim
                : quoted(claim);
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}

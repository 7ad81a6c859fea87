package dev.tollbridge.bridge.target;

import dev.tollbridge.bridge.config.TargetSpec.OAuth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What an `oauth` target has to say, and may not, because of its preset.
final class OAuthRules {

    /// @param field of `spec.oauth`
    record Finding(String rule, String field, String message, @Nullable String suggestion) {}

    private OAuthRules() {}

    static List<Finding> of(OAuth oauth) {
        if (oauth.preset() == null) {
            return List.of();
        }
        OAuthService service = OAuthServices.find(oauth.preset());
        if (service == null) {
            return List.of(
                    new Finding(
                            "unknown-preset",
                            "preset",
                            "there is no preset " + oauth.preset(),
                            "one of "
                                    + OAuthServices.all().stream()
                                            .map(OAuthService::id)
                                            .collect(Collectors.joining(", "))));
        }
        List<Finding> findings = new ArrayList<>();
        Map<String, @Nullable Object> fields = fields(oauth);
        for (String needed : service.needs()) {
            if (fields.get(needed) == null) {
                findings.add(missing(needed, service, needed + ": ..."));
            }
        }
        for (String parameter : service.parameters()) {
            if (!oauth.parameters().containsKey(parameter)) {
                findings.add(missing("parameters", service, parameter + ": ..."));
            }
        }
        for (String parameter : oauth.parameters().keySet()) {
            if (!service.parameters().contains(parameter)) {
                findings.add(
                        new Finding(
                                "preset-decides",
                                "parameters." + parameter,
                                service.name() + " knows no such parameter",
                                "leave it out"));
            }
        }
        for (String decided : List.of("grantType", "subjectTokenType")) {
            if (fields.get(decided) != null) {
                findings.add(
                        new Finding(
                                "preset-decides", decided, "the preset says this", "leave it out"));
            }
        }
        return findings;
    }

    private static Finding missing(String field, OAuthService service, String suggestion) {
        return new Finding(
                "preset-needs",
                field,
                service.name() + " has another one for each customer",
                suggestion);
    }

    private static Map<String, @Nullable Object> fields(OAuth oauth) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("grantType", oauth.grantType());
        fields.put("subjectTokenType", oauth.subjectTokenType());
        fields.put("clientId", oauth.clientId());
        fields.put("audience", oauth.audience());
        fields.put("assertionAudience", oauth.assertionAudience());
        return fields;
    }
}

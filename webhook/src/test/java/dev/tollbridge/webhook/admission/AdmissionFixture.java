package dev.tollbridge.webhook.admission;

import dev.tollbridge.webhook.admission.Admission.Rules;
import dev.tollbridge.webhook.decide.Exemption;
import dev.tollbridge.webhook.decide.Mode;
import dev.tollbridge.webhook.decide.Settings;
import dev.tollbridge.webhook.decide.Settings.NamespaceRule;
import dev.tollbridge.webhook.decide.Uninspectable;
import dev.tollbridge.webhook.index.VerdictIndex;
import dev.tollbridge.webhook.inject.InjectSettings;
import dev.tollbridge.webhook.review.AdmissionAnswer;
import dev.tollbridge.webhook.review.AdmissionRequest;
import dev.tollbridge.webhook.testing.MarkedWords;
import dev.tollbridge.webhook.testing.Review;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An admission with the detectors of the tests. Namespaces are called after their modes; `team`
/// enforces.
final class AdmissionFixture {

    static final String SECRET =
            "{apiVersion: v1, kind: Secret, metadata: {name: login, namespace: %s}, stringData: {token: %s}}";
    static final String POD =
            "{apiVersion: v1, kind: Pod, metadata: {name: app, namespace: %s}, spec: {containers: [{name: app,"
                    + " image: i}], volumes: [{name: v, secret: {secretName: login}}]}}";

    final VerdictIndex index = new VerdictIndex();
    final List<Sighting> seen = new ArrayList<>();
    final List<AdmissionRequest> faults = new ArrayList<>();
    private Rules rules = rules(Uninspectable.WARN, List.of());
    private boolean sweeps;

    AdmissionFixture uninspectable(Uninspectable uninspectable) {
        rules = rules(uninspectable, rules.settings().exemptions());
        return this;
    }

    AdmissionFixture exempt(Exemption... exemptions) {
        rules = rules(rules.settings().uninspectable(), List.of(exemptions));
        return this;
    }

    AdmissionFixture sweeping() {
        sweeps = true;
        return this;
    }

    private static Rules rules(Uninspectable uninspectable, List<Exemption> exemptions) {
        return new Rules(
                new Settings(
                        Mode.AUDIT,
                        List.of(
                                rule("team", Mode.ENFORCE),
                                rule("kube-system", Mode.ENFORCE),
                                rule("off", Mode.OFF),
                                rule("audit", Mode.AUDIT),
                                rule("warn", Mode.WARN),
                                new NamespaceRule(null, "team-*", Mode.ENFORCE)),
                        uninspectable,
                        exemptions,
                        Settings.OF_THE_CLUSTER,
                        List.of("internal-api")),
                injectSettings("registry.example/tollbridge@sha256:0123"));
    }

    static InjectSettings injectSettings(@Nullable String image) {
        Map<String, String> targets = new LinkedHashMap<>();
        targets.put("internal-api", "jwt");
        targets.put("aws-deploy", "aws");
        return new InjectSettings(
                "https://bridge.acme.example", "https://bridge.acme.example", image, targets);
    }

    private static NamespaceRule rule(String name, Mode mode) {
        return new NamespaceRule(name, null, mode);
    }

    private Admission admission() {
        return new Admission(
                () -> rules,
                new MarkedWords(),
                index,
                sweeps,
                seen::add,
                (request, _) -> faults.add(request),
                () -> Instant.parse("2026-11-21T12:00:00Z"));
    }

    AdmissionAnswer validate(Review review) {
        return admission().validate(review.request());
    }

    AdmissionAnswer mutate(Review review) {
        return admission().mutate(review.request());
    }

    AdmissionAnswer create(String yaml, String... values) {
        return validate(Review.create(yaml.formatted((Object[]) values)));
    }
}

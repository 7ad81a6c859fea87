package dev.tollbridge.bridge.admission;

import dev.tollbridge.bridge.config.AdmissionSettingsSpec;
import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.ExemptionSpec;
import dev.tollbridge.bridge.config.TargetSpec;
import dev.tollbridge.webhook.admission.Admission.Rules;
import dev.tollbridge.webhook.decide.Exemption;
import dev.tollbridge.webhook.decide.Mode;
import dev.tollbridge.webhook.decide.Settings;
import dev.tollbridge.webhook.decide.Settings.NamespaceRule;
import dev.tollbridge.webhook.decide.Uninspectable;
import dev.tollbridge.webhook.inject.InjectSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Maps documents to the webhook's rules.
public final class AdmissionRules {

    private AdmissionRules() {}

    /// @param ownNamespace where the webhook itself runs, so that it cannot lock itself out; null
    ///   outside a cluster
    public static Rules of(Documents documents, @Nullable String ownNamespace) {
        AdmissionSettingsSpec spec =
                documents.admissionSettings().isEmpty()
                        ? new AdmissionSettingsSpec(
                                AdmissionSettingsSpec.Mode.AUDIT,
                                List.of(),
                                null,
                                AdmissionSettingsSpec.Uninspectable.WARN)
                        : documents.admissionSettings().firstEntry().getValue().spec();
        InjectSettings inject = inject(spec.inject(), documents);
        return new Rules(
                new Settings(
                        mode(spec.defaultMode()),
                        spec.namespaces().stream().map(AdmissionRules::namespace).toList(),
                        uninspectable(spec.uninspectable()),
                        exemptions(documents),
                        protectedNamespaces(ownNamespace),
                        inject == null ? List.of() : List.copyOf(inject.targets().keySet())),
                inject);
    }

    private static NamespaceRule namespace(AdmissionSettingsSpec.NamespaceMode rule) {
        return new NamespaceRule(rule.name(), rule.glob(), mode(rule.mode()));
    }

    private static Mode mode(AdmissionSettingsSpec.Mode written) {
        return switch (written) {
            case OFF -> Mode.OFF;
            case AUDIT -> Mode.AUDIT;
            case WARN -> Mode.WARN;
            case ENFORCE -> Mode.ENFORCE;
        };
    }

    private static Uninspectable uninspectable(AdmissionSettingsSpec.Uninspectable written) {
        return switch (written) {
            case ALLOW -> Uninspectable.ALLOW;
            case WARN -> Uninspectable.WARN;
            case DENY -> Uninspectable.DENY;
        };
    }

    private static List<Exemption> exemptions(Documents documents) {
        List<Exemption> exemptions = new ArrayList<>();
        for (Document<ExemptionSpec> document : documents.exemptions().values()) {
            ExemptionSpec spec = document.spec();
            exemptions.add(
                    new Exemption(
                            document.name(),
                            spec.namespace(),
                            spec.match(),
                            spec.reason(),
                            spec.approvedBy(),
                            spec.expires()));
        }
        return exemptions;
    }

    private static Set<String> protectedNamespaces(@Nullable String own) {
        Set<String> all = new HashSet<>(Settings.OF_THE_CLUSTER);
        if (own != null) {
            all.add(own);
        }
        return all;
    }

    /// The names that pods may ask for come from the targets themselves where there are any: one
    /// list less to keep in step.
    private static @Nullable InjectSettings inject(
            AdmissionSettingsSpec.@Nullable Inject spec, Documents documents) {
        if (spec == null) {
            return null;
        }
        Map<String, String> targets = new LinkedHashMap<>();
        if (documents.targets().isEmpty()) {
            spec.targets().forEach(target -> targets.put(target.name(), target.kind()));
        } else {
            for (Document<TargetSpec> target : documents.targets().values()) {
                if (target.spec().enabled()) {
                    targets.put(target.name(), target.spec().settings().kind());
                }
            }
        }
        return new InjectSettings(
                spec.url(), spec.audience(), spec.image(), targets, spec.evictionsPerSweep());
    }
}

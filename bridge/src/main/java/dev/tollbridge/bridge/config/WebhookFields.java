package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.AdmissionSettingsSpec.Inject;
import dev.tollbridge.bridge.config.AdmissionSettingsSpec.InjectTarget;
import dev.tollbridge.bridge.config.AdmissionSettingsSpec.Mode;
import dev.tollbridge.bridge.config.AdmissionSettingsSpec.NamespaceMode;
import dev.tollbridge.bridge.config.AdmissionSettingsSpec.Uninspectable;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// From the fields of the webhook's documents to their records.
final class WebhookFields {

    static final int MAX_EXEMPTION_DAYS = 90;

    private static final List<String> PINS =
            List.of("secret", "configMap", "pod", "detector", "fingerprint");

    private WebhookFields() {}

    static void checkExemption(Values spec, LocalDate today, Report report) {
        LocalDate expires = spec.date("expires");
        if (expires != null && expires.isAfter(today.plusDays(MAX_EXEMPTION_DAYS))) {
            report.error(
                    SchemaRule.INVALID_VALUE,
                    spec.line("expires"),
                    spec.path("expires"),
                    "an exemption ends within 90 days",
                    "at the latest " + today.plusDays(MAX_EXEMPTION_DAYS));
        }
        Values match = spec.nested("match");
        if (match != null
                && !match.isWritten("fingerprint")
                && !(match.isWritten("detector")
                        && (match.isWritten("secret")
                                || match.isWritten("configMap")
                                || match.isWritten("pod")))) {
            report.warning(
                    SchemaRule.EXEMPTION_UNPINNED,
                    match.line(),
                    match.path(),
                    "exempts more than one finding",
                    "pin a fingerprint, or an object and a detector");
        }
    }

    static ExemptionSpec exemption(Values spec) {
        Values match = spec.needNested("match");
        Map<String, String> pins = new LinkedHashMap<>();
        for (String pin : PINS) {
            String value = match.text(pin);
            if (value != null) {
                pins.put(pin, value);
            }
        }
        return new ExemptionSpec(
                spec.needText("namespace"),
                Map.copyOf(pins),
                spec.needText("reason"),
                spec.needText("approvedBy"),
                spec.needDate("expires"));
    }

    static AdmissionSettingsSpec admissionSettings(Values spec) {
        return new AdmissionSettingsSpec(
                mode(spec.text("default", "audit")),
                spec.mappings("namespaces").stream().map(WebhookFields::namespace).toList(),
                inject(spec.nested("inject")),
                Uninspectable.valueOf(spec.text("uninspectable", "warn").toUpperCase(Locale.ROOT)));
    }

    private static Mode mode(String written) {
        return Mode.valueOf(written.toUpperCase(Locale.ROOT));
    }

    private static NamespaceMode namespace(Values entry) {
        return new NamespaceMode(
                entry.text("name"), entry.text("glob"), mode(entry.needText("mode")));
    }

    private static @Nullable Inject inject(@Nullable Values inject) {
        if (inject == null) {
            return null;
        }
        return new Inject(
                inject.needText("url"),
                inject.needText("audience"),
                inject.text("image"),
                inject.mappings("targets").stream()
                        .map(t -> new InjectTarget(t.needText("name"), t.needText("kind")))
                        .toList(),
                Integer.parseInt(inject.text("evictionsPerSweep", "0")));
    }
}

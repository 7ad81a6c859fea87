package dev.tollbridge.webhook.decide;

import dev.tollbridge.webhook.stored.StoredKind;
import dev.tollbridge.webhook.stored.StoredName;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lets something pass in one namespace until a day, for a reason that somebody approved.
///
/// @param name of the document, by which it is recorded
/// @param match pins, all of which have to fit: `secret`, `configMap`, `pod`, `detector`,
///   `fingerprint`
/// @param expires the last UTC day on which it holds
public record Exemption(
        String name,
        String namespace,
        Map<String, String> match,
        String reason,
        String approvedBy,
        LocalDate expires) {

    public Exemption {
        match = Map.copyOf(match);
    }

    public boolean holds(Instant now) {
        return !LocalDate.ofInstant(now, ZoneOffset.UTC).isAfter(expires);
    }

    boolean covers(Subject subject, Concern concern) {
        // There is no exemption from having been tampered with.
        return !(concern instanceof Concern.Broken)
                && !match.isEmpty()
                && namespace.equals(subject.namespace())
                && match.entrySet().stream()
                        .allMatch(pin -> fits(pin.getKey(), pin.getValue(), subject, concern));
    }

    private static boolean fits(String pin, String value, Subject subject, Concern concern) {
        return switch (pin) {
            case "secret" -> isSource(StoredKind.SECRET, value, concern.source());
            case "configMap" -> isSource(StoredKind.CONFIG_MAP, value, concern.source());
            case "pod" -> subject.isPod() && value.equals(subject.name());
            case "detector" ->
                    concern instanceof Concern.Found found
                            && value.equals(found.finding().detector());
            case "fingerprint" ->
                    concern instanceof Concern.Found found
                            && value.equals(found.finding().fingerprint());
            // A pin that is not understood must not widen what is exempted.
            default -> false;
        };
    }

    private static boolean isSource(StoredKind kind, String name, @Nullable StoredName source) {
        return source != null && source.kind() == kind && source.name().equals(name);
    }
}

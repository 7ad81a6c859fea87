package dev.tollbridge.bridge.issuer;

import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who is believed right now. Immutable; a configuration change makes a new one.
public final class IssuerRegistry {

    private static final IssuerRegistry EMPTY = new IssuerRegistry(List.of());

    private final Map<String, List<Entry>> byUrl = new HashMap<>();
    private final Map<String, TrustedIssuer> enabled = new LinkedHashMap<>();

    /// A trusted issuer, known also while it is disabled, so that the operator is told the truth
    /// about a refusal.
    record Entry(TrustedIssuer issuer, boolean enabled) {}

    IssuerRegistry(Collection<Entry> entries) {
        for (Entry entry : entries) {
            TrustedIssuer issuer = entry.issuer();
            byUrl.computeIfAbsent(issuer.issuer(), url -> new ArrayList<>(1)).add(entry);
            if (entry.enabled()) {
                enabled.put(issuer.name(), issuer);
            }
        }
    }

    public static IssuerRegistry empty() {
        return EMPTY;
    }

    /// For tests and wiring that build issuers themselves: all of them enabled.
    public static IssuerRegistry of(Collection<TrustedIssuer> issuers) {
        return new IssuerRegistry(issuers.stream().map(i -> new Entry(i, true)).toList());
    }

    /// The issuer that a token with these claims is judged by: the one with exactly this URL and,
    /// where several share it, this audience.
    ///
    /// @param audience the members of `aud`; a token for more than one audience is refused, because
    ///   every other one of them could present it here
    /// @throws Refusal `issuer_unknown` when it is not configured or disabled; `audience_mismatch`
    public TrustedIssuer resolve(String iss, List<String> audience) {
        List<Entry> entries = byUrl.get(iss);
        if (entries == null) {
            throw new Refusal(RefusalReason.ISSUER_UNKNOWN, "no trusted issuer has this URL");
        }
        String only = audience.size() == 1 ? audience.getFirst() : null;
        boolean anyEnabled = false;
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.issuer().audience().equals(only)) {
                if (entry.enabled()) {
                    return entry.issuer();
                }
                throw disabled(entry);
            }
            anyEnabled |= entry.enabled();
        }
        if (!anyEnabled) {
            throw disabled(entries.getFirst());
        }
        throw new Refusal(RefusalReason.AUDIENCE_MISMATCH, mismatch(entries, audience));
    }

    private static Refusal disabled(Entry entry) {
        return new Refusal(
                RefusalReason.ISSUER_UNKNOWN,
                "trusted issuer " + entry.issuer().name() + " is disabled");
    }

    private static String mismatch(List<Entry> entries, List<String> audience) {
        StringBuilder detail = new StringBuilder("aud ");
        detail.append(audience.size() == 1 ? "is not" : "has not exactly one member, which is");
        for (int i = 0; i < entries.size() && i < 5; i++) {
            detail.append(i == 0 ? " the audience of trusted issuer " : " or ");
            detail.append(entries.get(i).issuer().name());
        }
        return detail.toString();
    }

    /// The enabled trusted issuer of this name, or null.
    public @Nullable TrustedIssuer named(String name) {
        return enabled.get(name);
    }

    /// All enabled trusted issuers by name, in the order of their names.
    public Map<String, TrustedIssuer> enabled() {
        return Collections.unmodifiableMap(enabled);
    }
}

package dev.tollbridge.bridge.issuer;

import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.TrustedIssuerSpec;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns what users wrote into the issuers that are believed: completes it with the preset and the
/// defaults, and refuses what must not be trusted.
public final class TrustedIssuers {

    /// Without a preset nothing is known about the tokens: a day is the longest that any CI system
    /// or cluster was seen to give them.
    static final Duration LONGEST_LIFETIME = Duration.ofHours(24);

    /// The longest life of a credential where no preset says otherwise.
    static final Duration CAP = Duration.ofHours(1);

    private static final List<String> DEFAULT_ALGORITHMS = List.of("RS256", "ES256");

    private final PresetCatalogue presets;
    private final @Nullable Path directory;
    private final IssuerRules rules;
    private final List<Problem> problems = new ArrayList<>();

    private TrustedIssuers(
            PresetCatalogue presets, @Nullable Path directory, @Nullable String externalUrl) {
        this.presets = presets;
        this.directory = directory;
        this.rules = new IssuerRules(presets, externalUrl, directory != null);
    }

    /// What came of it: the issuers without errors, and every problem.
    public record Compiled(IssuerRegistry registry, List<Problem> problems) {}

    /// @param directory the configuration directory, for files that documents name; null: the
    ///   documents are custom resources, which name no files (DESIGN 14, rule 2)
    /// @param externalUrl the bridge's own issuer name; null: not known, as in an offline check
    public static Compiled compile(
            Documents documents,
            PresetCatalogue presets,
            @Nullable Path directory,
            @Nullable String externalUrl) {
        return new TrustedIssuers(presets, directory, externalUrl).compile(documents);
    }

    private Compiled compile(Documents documents) {
        Map<String, String> taken = new HashMap<>();
        List<IssuerRegistry.Entry> entries = new ArrayList<>();
        for (Document<TrustedIssuerSpec> document : documents.issuers().values()) {
            TrustedIssuer issuer = compile(document);
            if (issuer == null) {
                continue;
            }
            String key = issuer.issuer() + "\n" + issuer.audience();
            String other = taken.putIfAbsent(key, issuer.name());
            if (other != null) {
                problems.add(IssuerRules.duplicate(document, other));
                continue;
            }
            entries.add(new IssuerRegistry.Entry(issuer, document.spec().enabled()));
        }
        return new Compiled(new IssuerRegistry(entries), List.copyOf(problems));
    }

    private @Nullable TrustedIssuer compile(Document<TrustedIssuerSpec> document) {
        TrustedIssuerSpec spec = document.spec();
        Preset preset = spec.preset() == null ? null : presets.find(spec.preset(), spec.issuer());
        List<Problem> found = rules.check(document, preset);
        problems.addAll(found);
        String issuer =
                spec.issuer() != null ? spec.issuer() : preset == null ? null : preset.issuer();
        if (issuer == null
                || found.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR)) {
            return null;
        }
        return complete(document, preset, issuer);
    }

    private TrustedIssuer complete(
            Document<TrustedIssuerSpec> document, @Nullable Preset preset, String issuer) {
        TrustedIssuerSpec spec = document.spec();
        boolean kubernetes = preset != null && preset.kubernetes();
        List<String> algorithms =
                or(spec.algorithms(), preset == null ? DEFAULT_ALGORITHMS : preset.algorithms());
        return new TrustedIssuer(
                document.name(),
                issuer,
                spec.audience(),
                preset,
                spec.keys(),
                directoryOf(document),
                Collections.unmodifiableSet(new LinkedHashSet<>(algorithms)),
                preset == null ? Map.of() : claimTypes(preset),
                preset == null ? List.of("sub") : preset.identifyingClaims(),
                preset == null ? null : preset.stableSubject(),
                or(spec.replay(), preset == null ? Replay.SINGLE_USE : preset.replay()),
                spec.maxTokenAge(),
                or(
                        spec.maxTokenLifetime(),
                        preset == null ? LONGEST_LIFETIME : preset.tokenLifetime()),
                spec.clockSkew(),
                preset != null && preset.requiresJti(),
                kubernetes,
                or(spec.requirePod(), kubernetes),
                spec.tokenReview(),
                spec.network(),
                preset != null && preset.mayOutlive(),
                preset == null ? CAP : preset.cap());
    }

    private static <T> T or(@Nullable T written, T otherwise) {
        return written == null ? otherwise : written;
    }

    /// The facts by which a verified token's claims are checked, by claim reference: without those
    /// that allow every type, and without families of nested claims, whose names nobody can look
    /// up.
    private static Map<String, ClaimFact> claimTypes(Preset preset) {
        Map<String, ClaimFact> types = new LinkedHashMap<>();
        for (ClaimFact fact : preset.claims().values()) {
            boolean nested = fact.name().startsWith("/");
            if (fact.type() != ClaimFact.Type.ANY && !(fact.family() && nested)) {
                types.put(fact.name(), fact);
            }
        }
        return Collections.unmodifiableMap(types);
    }

    private @Nullable Path directoryOf(Document<TrustedIssuerSpec> document) {
        if (directory == null) {
            return null;
        }
        Path parent = directory.resolve(document.place().file()).getParent();
        return parent == null ? directory : parent;
    }
}

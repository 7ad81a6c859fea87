package dev.tollbridge.bridge.target;

import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.TargetSpec;
import dev.tollbridge.bridge.config.TargetSpec.Google;
import dev.tollbridge.bridge.config.TargetSpec.Jwt;
import dev.tollbridge.bridge.config.TargetSpec.OAuth;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The targets of one configuration, by name and by resource. Immutable.
public final class TargetRegistry {

    /// What came of compiling: the registry holds every target that could be understood, so that a
    /// caller who only looks (`check`, `explain`) can go on in spite of problems.
    public record Compiled(TargetRegistry registry, List<Problem> problems) {}

    /// Why a request names no single target; the caller is told less.
    private static final int QUOTED = 80;

    private final Map<String, Target> byName;
    private final Map<String, Target> byResource;

    /// Audiences by which targets are known elsewhere. A list of several names an ambiguity.
    private final Map<String, List<Target>> byAudience;

    private TargetRegistry(
            Map<String, Target> byName,
            Map<String, Target> byResource,
            Map<String, List<Target>> byAudience) {
        this.byName = byName;
        this.byResource = byResource;
        this.byAudience = byAudience;
    }

    /// @param trustedAudiences the audiences that trusted issuers accept: no target may mint one
    /// @param externalUrl the bridge's own issuer name; null where none is known, as in `check`
    /// @param configuration where the documents' files lie; null for custom resources, which name
    ///   no files
    public static Compiled compile(
            Documents documents,
            Set<String> trustedAudiences,
            @Nullable String externalUrl,
            @Nullable Path configuration) {
        List<Problem> problems = new ArrayList<>();
        Map<String, Target> byName = new TreeMap<>();
        Map<String, Target> byResource = new HashMap<>();
        Map<String, List<Target>> byAudience = new HashMap<>();
        TargetRules rules = new TargetRules(trustedAudiences, externalUrl, problems);
        for (Document<TargetSpec> document : documents.targets().values()) {
            rules.check(document);
            Target target = target(document, configuration);
            byName.put(target.name(), target);
            if (target.resource() != null) {
                Target other = byResource.putIfAbsent(target.resource(), target);
                if (other != null) {
                    rules.sharedResource(document, target.resource(), other.name());
                }
            }
            String audience = audience(target);
            if (audience != null) {
                byAudience.computeIfAbsent(audience, _ -> new ArrayList<>()).add(target);
            }
        }
        return new Compiled(
                new TargetRegistry(byName, byResource, byAudience), List.copyOf(problems));
    }

    private static Target target(Document<TargetSpec> document, @Nullable Path configuration) {
        TargetSpec spec = document.spec();
        Path directory = null;
        if (configuration != null) {
            Path parent = configuration.resolve(document.place().file()).getParent();
            directory = parent == null ? configuration : parent;
        }
        return new Target(
                document.name(),
                spec.owner(),
                resource(spec),
                spec.maxTtl() == null ? KindFacts.DEFAULT_MAX_TTL : spec.maxTtl(),
                spec.enabled(),
                spec.senderConstraint(),
                spec.settings(),
                directory);
    }

    private static @Nullable String resource(TargetSpec spec) {
        if (spec.resource() != null) {
            return spec.resource();
        }
        return spec.settings() instanceof Jwt jwt && TargetRules.isResource(jwt.audience())
                ? jwt.audience()
                : null;
    }

    private static @Nullable String audience(Target target) {
        return switch (target.settings()) {
            case Jwt jwt -> jwt.audience();
            case Google google -> google.audience();
            case OAuth oauth -> oauth.audience();
            case TargetSpec.Aws _,
                    TargetSpec.Kubernetes _,
                    TargetSpec.Azure _,
                    TargetSpec.GitHub _ ->
                    null;
        };
    }

    /// The one target a request names. An `audience` is a target's name; one that is no target's
    /// name may be the audience a single target mints for (DESIGN 14, rule 17: of several, none is
    /// guessed).
    ///
    /// Disabled targets are found too: whoever decides says no.
    ///
    /// @throws Refusal `request_malformed` when the request names nothing, `target_unknown` when it
    ///   names no target, more than one, or one of another kind than the door is for
    public Target select(TargetRequest request) {
        Target chosen = null;
        for (String audience : request.audiences()) {
            chosen = same(chosen, byAudience(audience));
        }
        for (String resource : request.resources()) {
            chosen = same(chosen, byResource(resource));
        }
        if (chosen == null) {
            throw new Refusal(
                    RefusalReason.REQUEST_MALFORMED,
                    "neither audience nor resource names a target");
        }
        if (request.kind() != null && !request.kind().equals(chosen.kind())) {
            // Told apart from a target that is not there in the record only.
            throw new Refusal(
                    RefusalReason.TARGET_UNKNOWN,
                    "target "
                            + chosen.name()
                            + " is of kind "
                            + chosen.kind()
                            + "; this door is for kind "
                            + request.kind());
        }
        return chosen;
    }

    /// The one target a request names, or null: for the record, where a refusal is no news.
    public @Nullable Target known(TargetRequest request) {
        try {
            return select(request);
        } catch (Refusal refusal) {
            return null;
        }
    }

    private Target byAudience(String audience) {
        Target named = byName.get(audience);
        if (named != null) {
            return named;
        }
        List<Target> minting = byAudience.getOrDefault(audience, List.of());
        if (minting.size() > 1) {
            throw unknown("the audience could mean several targets", audience);
        }
        if (minting.isEmpty()) {
            throw unknown("no target has this name", audience);
        }
        return minting.getFirst();
    }

    private Target byResource(String resource) {
        // A fragment or a relative reference is never a configured resource (RFC 8707 section 2),
        // so the look-up is the check.
        Target target = byResource.get(resource);
        if (target == null) {
            throw unknown(
                    TargetRules.isResource(resource)
                            ? "no target has this resource"
                            : "not an absolute URI without fragment",
                    resource);
        }
        return target;
    }

    private static Target same(@Nullable Target chosen, Target next) {
        if (chosen != null && !chosen.name().equals(next.name())) {
            throw new Refusal(
                    RefusalReason.TARGET_UNKNOWN,
                    "the request names several targets: " + chosen.name() + " and " + next.name());
        }
        return next;
    }

    private static Refusal unknown(String what, String text) {
        return new Refusal(RefusalReason.TARGET_UNKNOWN, what + ": " + quoted(text));
    }

    /// The caller's own text, cut and without control characters: it goes into the record.
    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("'");
        for (int i = 0; i < text.length() && i < QUOTED; i++) {
            char c = text.charAt(i);
            out.append(c < ' ' || c > '~' ? '?' : c);
        }
        return out.append(text.length() > QUOTED ? "...'" : "'").toString();
    }

    /// The target of this name, enabled or not; null: there is none.
    public @Nullable Target byName(String name) {
        return byName.get(name);
    }

    /// Sorted by name.
    public Collection<Target> all() {
        return byName.values();
    }
}

package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.GrantSpec;
import dev.tollbridge.bridge.config.Kind;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.Spec;
import dev.tollbridge.bridge.config.TargetSpec;
import dev.tollbridge.bridge.config.TrustedIssuerSpec;
import dev.tollbridge.bridge.resource.Condition;
import dev.tollbridge.bridge.resource.ResourceStatus.Wanted;
import dev.tollbridge.bridge.rules.LiveRules.LastReading;
import dev.tollbridge.bridge.token.keys.IssuerKeyStatus;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What became of each resource of the last reading: accepted, in force, warm.
final class ResourceConditions {

    private static final int MOST_QUOTED = 5;

    private final LastReading reading;
    private final Map<String, IssuerKeyStatus> keys;
    private final Instant now;
    private final Map<String, List<Problem>> problems;

    ResourceConditions(LastReading reading, List<IssuerKeyStatus> keys, Instant now) {
        this.reading = reading;
        this.keys = keys.stream().collect(Collectors.toMap(IssuerKeyStatus::name, k -> k));
        this.now = now;
        this.problems = reading.problems().stream().collect(Collectors.groupingBy(Problem::about));
    }

    List<Wanted> all() {
        List<Wanted> all = new ArrayList<>();
        for (String name : names(Kind.TRUSTED_ISSUER, reading.read().issuers().keySet())) {
            all.add(issuer(name));
        }
        for (String name : names(Kind.TARGET, reading.read().targets().keySet())) {
            all.add(target(name));
        }
        for (String name : names(Kind.GRANT, reading.read().grants().keySet())) {
            all.add(grant(name));
        }
        return all;
    }

    /// Those that could be read, and those that only have problems.
    private Set<String> names(Kind kind, Set<String> read) {
        Set<String> names = new LinkedHashSet<>(read);
        String prefix = kind.written() + "/";
        for (String about : problems.keySet()) {
            if (about.startsWith(prefix)) {
                names.add(about.substring(prefix.length()));
            }
        }
        return names;
    }

    private Wanted issuer(String name) {
        Document<TrustedIssuerSpec> read = reading.read().issuers().get(name);
        Condition ready =
                ready(
                        Kind.TRUSTED_ISSUER,
                        name,
                        read,
                        reading.inForce().documents().issuers().get(name),
                        read == null || read.spec().enabled());
        return new Wanted(
                Kind.TRUSTED_ISSUER,
                name,
                List.of(accepted(Kind.TRUSTED_ISSUER, name), ready, warm(name, ready.holds())),
                Map.of());
    }

    private Wanted target(String name) {
        Document<TargetSpec> read = reading.read().targets().get(name);
        return new Wanted(
                Kind.TARGET,
                name,
                List.of(
                        accepted(Kind.TARGET, name),
                        ready(
                                Kind.TARGET,
                                name,
                                read,
                                reading.inForce().documents().targets().get(name),
                                read == null || read.spec().enabled())),
                read == null ? Map.of() : Map.of("kind", read.spec().settings().kind()));
    }

    private Wanted grant(String name) {
        Document<GrantSpec> read = reading.read().grants().get(name);
        Condition ready =
                ready(
                        Kind.GRANT,
                        name,
                        read,
                        reading.inForce().documents().grants().get(name),
                        read == null || read.spec().enabled());
        if (ready.holds() && read != null && expired(read.spec())) {
            ready =
                    new Condition(
                            "Ready", false, "Expired", "its last day was " + read.spec().expires());
        }
        Condition warm =
                ready.holds() && read != null
                        ? warm(read.spec().issuer(), true)
                        : new Condition("Warm", false, ready.reason(), "it is not in force");
        return new Wanted(
                Kind.GRANT, name, List.of(accepted(Kind.GRANT, name), ready, warm), Map.of());
    }

    private boolean expired(GrantSpec grant) {
        return grant.expires() != null
                && grant.expires().isBefore(LocalDate.ofInstant(now, ZoneOffset.UTC));
    }

    private Condition accepted(Kind kind, String name) {
        List<Problem> found = problems.getOrDefault(kind.written() + "/" + name, List.of());
        List<Problem> errors = found.stream().filter(ResourceConditions::isError).toList();
        if (!errors.isEmpty()) {
            return new Condition(
                    "Accepted", false, Condition.word(errors.getFirst().rule()), quoted(errors));
        }
        return found.isEmpty()
                ? new Condition("Accepted", true, "Accepted", "nothing is wrong with it")
                : new Condition("Accepted", true, "AcceptedWithWarnings", quoted(found));
    }

    private static boolean isError(Problem problem) {
        return problem.severity() == Problem.Severity.ERROR;
    }

    private static String quoted(List<Problem> problems) {
        String text =
                problems.stream()
                        .limit(MOST_QUOTED)
                        .map(ResourceConditions::quoted)
                        .collect(Collectors.joining("; "));
        return problems.size() > MOST_QUOTED
                ? text + "; and " + (problems.size() - MOST_QUOTED) + " more"
                : text;
    }

    private static String quoted(Problem problem) {
        return (problem.inside().isEmpty() ? "" : problem.inside() + ": ")
                + problem.message()
                + (problem.suggestion() == null ? "" : " (" + problem.suggestion() + ")")
                + " ["
                + problem.rule()
                + "]";
    }

    private <S extends Spec> Condition ready(
            Kind kind,
            String name,
            @Nullable Document<S> read,
            @Nullable Document<S> inForce,
            boolean enabled) {
        boolean same = read != null && inForce != null && read.spec().equals(inForce.spec());
        if (!enabled) {
            return new Condition("Ready", false, "Disabled", "enabled is false");
        }
        if (same) {
            return new Condition("Ready", true, "InForce", "it is in force");
        }
        String rest =
                inForce == null ? "nothing of it is in force" : "an earlier version is in force";
        boolean own =
                problems.getOrDefault(kind.written() + "/" + name, List.of()).stream()
                        .anyMatch(ResourceConditions::isError);
        return own
                ? new Condition("Ready", false, "Refused", rest)
                : new Condition(
                        "Ready",
                        false,
                        "SetRefused",
                        "the configuration is taken over as a whole and is refused because of "
                                + others()
                                + "; "
                                + rest);
    }

    private String others() {
        List<String> others =
                problems.entrySet().stream()
                        .filter(entry ->
                                entry.getValue().stream().anyMatch(ResourceConditions::isError))
                        .map(entry -> entry.getKey())
                        .filter(about -> !about.isEmpty())
                        .sorted()
                        .toList();
        String text = others.stream().limit(MOST_QUOTED).collect(Collectors.joining(", "));
        return others.size() > MOST_QUOTED ? text + ", ..." : text;
    }

    /// @param issuer whose tokens have to be verified
    private Condition warm(String issuer, boolean ready) {
        IssuerKeyStatus status = keys.get(issuer);
        if (!ready || status == null) {
            return new Condition("Warm", false, "NotInForce", "it is not in force");
        }
        if (status.state() == IssuerKeyStatus.State.UNAVAILABLE) {
            return new Condition(
                    "Warm",
                    false,
                    "KeysUnavailable",
                    "the keys of TrustedIssuer/"
                            + issuer
                            + " are not at hand"
                            + (status.lastError() == null ? "" : ": " + status.lastError()));
        }
        return new Condition("Warm", true, "KeysAtHand", "tokens can be verified");
    }
}

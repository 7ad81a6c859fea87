package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.Documents;
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
import java.util.function.Function;
import java.util.function.Predicate;
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
        add(all, Kind.TRUSTED_ISSUER, Documents::issuers, TrustedIssuerSpec::enabled, this::issuer);
        add(all, Kind.TARGET, Documents::targets, TargetSpec::enabled, this::target);
        add(all, Kind.GRANT, Documents::grants, GrantSpec::enabled, this::grant);
        return all;
    }

    /// What is said of every kind of document, and left to each to add to.
    ///
    /// @param read null when it could not be
    private record Common<S extends Spec>(
            Kind kind, String name, @Nullable S read, Condition accepted, Condition ready) {}

    private <S extends Spec> void add(
            List<Wanted> all,
            Kind kind,
            Function<Documents, Map<String, Document<S>>> of,
            Predicate<S> enabled,
            Function<Common<S>, Wanted> told) {
        for (String name : names(kind, of.apply(reading.read()).keySet())) {
            Document<S> document = of.apply(reading.read()).get(name);
            S read = document == null ? null : document.spec();
            all.add(
                    told.apply(
                            new Common<>(
                                    kind,
                                    name,
                                    read,
                                    accepted(kind, name),
                                    ready(
                                            kind,
                                            name,
                                            document,
                                            of.apply(reading.inForce().documents()).get(name),
                                            read == null || enabled.test(read)))));
        }
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

    private Wanted issuer(Common<TrustedIssuerSpec> it) {
        return new Wanted(
                it.kind(),
                it.name(),
                List.of(it.accepted(), it.ready(), warm(it.name(), it.ready().holds())),
                Map.of());
    }

    private Wanted target(Common<TargetSpec> it) {
        TargetSpec read = it.read();
        return new Wanted(
                it.kind(),
                it.name(),
                List.of(it.accepted(), it.ready()),
                read == null ? Map.of() : Map.of("kind", read.settings().kind()));
    }

    private Wanted grant(Common<GrantSpec> it) {
        GrantSpec read = it.read();
        Condition ready = it.ready();
        if (ready.holds() && read != null && expired(read)) {
            ready = new Condition("Ready", false, "Expired", "its last day was " + read.expires());
        }
        Condition warm =
                ready.holds() && read != null
                        ? warm(read.issuer(), true)
                        : new Condition("Warm", false, ready.reason(), "it is not in force");
        return new Wanted(it.kind(), it.name(), List.of(it.accepted(), ready, warm), Map.of());
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

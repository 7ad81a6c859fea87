package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.GrantSpec.Allow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What an edit takes away: a deleted document, `enabled: false`, an entry in `denied`. It applies
/// even when the rest of the edit is refused (DESIGN 4).
public final class TakenAway {

    private TakenAway() {}

    /// One thing that must stop.
    ///
    /// @param kind a trusted issuer, grant or target; for a denied subject, the trusted issuer
    /// @param name of the document
    /// @param denied the match of the denied subject; null: the document itself is gone or disabled
    public record Away(Kind kind, String name, @Nullable Map<String, MatchForm> denied) {}

    /// The last good configuration without what a refused edit takes away. Consistent: the grants
    /// of a deleted issuer go with it, so do entries of `allow` for a deleted target, and grants
    /// that have none left. A document counts as deleted only where its file could be read as far
    /// as its documents' names, or is gone.
    ///
    /// Settings of the webhook stay: to delete them takes nothing away.
    public static Documents apply(Documents lastGood, Loaded refusedEdit) {
        Sightings edit = refusedEdit.sightings();
        SortedMap<String, Document<TrustedIssuerSpec>> issuers =
                remaining(lastGood.issuers(), Kind.TRUSTED_ISSUER, edit);
        SortedMap<String, Document<TargetSpec>> targets =
                remaining(lastGood.targets(), Kind.TARGET, edit);
        SortedMap<String, Document<GrantSpec>> grants =
                remaining(lastGood.grants(), Kind.GRANT, edit);
        issuers.replaceAll((name, issuer) -> with(issuer, restricted(name, issuer.spec(), edit)));
        targets.replaceAll((name, target) ->
                isDisabled(Kind.TARGET, name, edit)
                        ? with(target, disabled(target.spec()))
                        : target);
        grants.replaceAll((name, grant) ->
                isDisabled(Kind.GRANT, name, edit)
                        ? with(grant, grant(grant.spec(), grant.spec().allow(), false))
                        : grant);
        return consistent(
                new Documents(
                        issuers,
                        targets,
                        grants,
                        remaining(lastGood.exemptions(), Kind.EXEMPTION, edit),
                        lastGood.admissionSettings()),
                lastGood);
    }

    /// What stops between one configuration and the next: issuers, grants and targets that are gone
    /// or disabled in `after`, and every denied subject in `after`.
    public static Set<Away> between(Documents before, Documents after) {
        Set<Away> away = new LinkedHashSet<>();
        gone(Kind.TRUSTED_ISSUER, before.issuers(), after.issuers(), away);
        gone(Kind.GRANT, before.grants(), after.grants(), away);
        gone(Kind.TARGET, before.targets(), after.targets(), away);
        away.addAll(standing(after));
        return Collections.unmodifiableSet(away);
    }

    /// What may go on again: issuers, grants and targets enabled in `after` and not in `before`,
    /// and denied subjects of `before` that `after` no longer names.
    public static Set<Away> givenBack(Documents before, Documents after) {
        Set<Away> back = new LinkedHashSet<>();
        back(Kind.TRUSTED_ISSUER, before.issuers(), after.issuers(), s -> s.enabled(), back);
        back(Kind.GRANT, before.grants(), after.grants(), s -> s.enabled(), back);
        back(Kind.TARGET, before.targets(), after.targets(), s -> s.enabled(), back);
        Set<Away> denied = new LinkedHashSet<>();
        denied(before, denied);
        Set<Away> still = new LinkedHashSet<>();
        denied(after, still);
        denied.removeAll(still);
        back.addAll(denied);
        return Collections.unmodifiableSet(back);
    }

    /// What one configuration says must not go on: disabled documents and denied subjects.
    public static Set<Away> standing(Documents documents) {
        Set<Away> away = new LinkedHashSet<>();
        disabled(Kind.TRUSTED_ISSUER, documents.issuers(), s -> s.enabled(), away);
        disabled(Kind.GRANT, documents.grants(), s -> s.enabled(), away);
        disabled(Kind.TARGET, documents.targets(), s -> s.enabled(), away);
        denied(documents, away);
        return Collections.unmodifiableSet(away);
    }

    private static <S extends Spec> SortedMap<String, Document<S>> remaining(
            SortedMap<String, Document<S>> lastGood, Kind kind, Sightings edit) {
        SortedMap<String, Document<S>> remaining = new TreeMap<>();
        lastGood.forEach((name, document) -> {
            boolean there =
                    !edit.whole()
                            || edit.documents().contains(new Sightings.Key(kind, name))
                            || edit.unreadable().contains(document.place().file());
            if (there) {
                remaining.put(name, document);
            }
        });
        return remaining;
    }

    private static boolean isDisabled(Kind kind, String name, Sightings edit) {
        return edit.disabled().contains(new Sightings.Key(kind, name));
    }

    private static <S extends Spec> Document<S> with(Document<S> document, S spec) {
        return new Document<>(
                document.name(),
                document.labels(),
                document.annotations(),
                spec,
                document.place(),
                document.fields());
    }

    private static TrustedIssuerSpec restricted(
            String name, TrustedIssuerSpec spec, Sightings edit) {
        List<Map<String, MatchForm>> denied = new ArrayList<>(spec.denied());
        for (Map<String, MatchForm> match : edit.denied().getOrDefault(name, List.of())) {
            if (!denied.contains(match)) {
                denied.add(match);
            }
        }
        return new TrustedIssuerSpec(
                spec.preset(),
                spec.issuer(),
                spec.audience(),
                spec.keys(),
                spec.algorithms(),
                spec.replay(),
                spec.maxTokenAge(),
                spec.maxTokenLifetime(),
                spec.clockSkew(),
                spec.tokenReview(),
                spec.network(),
                spec.requirePod(),
                List.copyOf(denied),
                spec.enabled() && !isDisabled(Kind.TRUSTED_ISSUER, name, edit));
    }

    private static TargetSpec disabled(TargetSpec spec) {
        return new TargetSpec(
                spec.owner(),
                spec.resource(),
                spec.maxTtl(),
                false,
                spec.senderConstraint(),
                spec.settings());
    }

    private static GrantSpec grant(GrantSpec spec, List<Allow> allow, boolean enabled) {
        return new GrantSpec(
                spec.owner(),
                spec.issuer(),
                spec.match(),
                spec.condition(),
                allow,
                spec.expires(),
                spec.mode(),
                spec.mayOutliveSubject(),
                spec.senderConstraint(),
                spec.session(),
                spec.acknowledge(),
                enabled);
    }

    /// Drops references to what was there before and is not any more.
    private static Documents consistent(Documents documents, Documents before) {
        SortedMap<String, Document<GrantSpec>> grants = new TreeMap<>();
        documents
                .grants()
                .forEach((name, grant) -> {
                    GrantSpec spec = grant.spec();
                    List<Allow> left =
                            spec.allow().stream()
                                    .filter(a ->
                                            !isGone(
                                                    a.target(),
                                                    before.targets(),
                                                    documents.targets()))
                                    .toList();
                    if (!left.isEmpty()
                            && !isGone(spec.issuer(), before.issuers(), documents.issuers())) {
                        grants.put(
                                name,
                                left.size() == spec.allow().size()
                                        ? grant
                                        : with(grant, grant(spec, left, spec.enabled())));
                    }
                });
        return new Documents(
                documents.issuers(),
                documents.targets(),
                grants,
                documents.exemptions(),
                documents.admissionSettings());
    }

    private static boolean isGone(String name, Map<String, ?> before, Map<String, ?> after) {
        return before.containsKey(name) && !after.containsKey(name);
    }

    private static void gone(
            Kind kind, Map<String, ?> before, Map<String, ?> after, Set<Away> away) {
        for (String name : before.keySet()) {
            if (!after.containsKey(name)) {
                away.add(new Away(kind, name, null));
            }
        }
    }

    private static <S extends Spec> void disabled(
            Kind kind, Map<String, Document<S>> documents, Predicate<S> enabled, Set<Away> away) {
        documents.forEach((name, document) -> {
            if (!enabled.test(document.spec())) {
                away.add(new Away(kind, name, null));
            }
        });
    }

    private static <S extends Spec> void back(
            Kind kind,
            Map<String, Document<S>> before,
            Map<String, Document<S>> after,
            Predicate<S> enabled,
            Set<Away> back) {
        after.forEach((name, document) -> {
            Document<S> earlier = before.get(name);
            boolean was = earlier != null && enabled.test(earlier.spec());
            if (!was && enabled.test(document.spec())) {
                back.add(new Away(kind, name, null));
            }
        });
    }

    private static void denied(Documents documents, Set<Away> away) {
        documents
                .issuers()
                .forEach((name, issuer) ->
                        issuer.spec()
                                .denied()
                                .forEach(match ->
                                        away.add(new Away(Kind.TRUSTED_ISSUER, name, match))));
    }
}

package dev.tollbridge.bridge.config;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everything one configuration holds, by kind and name. Sorted by name, because the first grant by
/// name decides. Unmodifiable.
public record Documents(
        SortedMap<String, Document<TrustedIssuerSpec>> issuers,
        SortedMap<String, Document<TargetSpec>> targets,
        SortedMap<String, Document<GrantSpec>> grants,
        SortedMap<String, Document<ExemptionSpec>> exemptions,
        SortedMap<String, Document<AdmissionSettingsSpec>> admissionSettings) {

    public static final Documents EMPTY =
            new Documents(
                    new TreeMap<>(),
                    new TreeMap<>(),
                    new TreeMap<>(),
                    new TreeMap<>(),
                    new TreeMap<>());

    public Documents {
        issuers = Collections.unmodifiableSortedMap(issuers);
        targets = Collections.unmodifiableSortedMap(targets);
        grants = Collections.unmodifiableSortedMap(grants);
        exemptions = Collections.unmodifiableSortedMap(exemptions);
        admissionSettings = Collections.unmodifiableSortedMap(admissionSettings);
    }

    /// Those that none of the problems, as far as they are errors, is about.
    public Documents without(List<Problem> problems) {
        Set<String> wrong = new HashSet<>();
        for (Problem problem : problems) {
            if (problem.severity() == Problem.Severity.ERROR) {
                wrong.add(problem.about());
            }
        }
        return new Documents(
                without(issuers, Kind.TRUSTED_ISSUER, wrong),
                without(targets, Kind.TARGET, wrong),
                without(grants, Kind.GRANT, wrong),
                without(exemptions, Kind.EXEMPTION, wrong),
                without(admissionSettings, Kind.ADMISSION_SETTINGS, wrong));
    }

    private static <S extends Spec> SortedMap<String, Document<S>> without(
            SortedMap<String, Document<S>> documents, Kind kind, Set<String> wrong) {
        SortedMap<String, Document<S>> left = new TreeMap<>(documents);
        left.keySet().removeIf(name -> wrong.contains(kind.written() + "/" + name));
        return left;
    }
}

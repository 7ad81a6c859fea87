package dev.tollbridge.bridge.config;

import java.util.Collections;
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
}

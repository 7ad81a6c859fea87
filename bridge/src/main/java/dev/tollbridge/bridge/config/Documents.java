package dev.tollbridge.bridge.config;

import java.util.SortedMap;

/// Everything one configuration holds, by kind and name. Sorted by name, because the first grant by
/// name decides.
public record Documents(
        SortedMap<String, Document<TrustedIssuerSpec>> issuers,
        SortedMap<String, Document<TargetSpec>> targets,
        SortedMap<String, Document<GrantSpec>> grants,
        SortedMap<String, Document<ExemptionSpec>> exemptions,
        SortedMap<String, Document<AdmissionSettingsSpec>> admissionSettings) {}

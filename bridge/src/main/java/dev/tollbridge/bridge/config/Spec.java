package dev.tollbridge.bridge.config;

/// The `spec` of one of the five document kinds.
public sealed interface Spec
        permits TrustedIssuerSpec, TargetSpec, GrantSpec, ExemptionSpec, AdmissionSettingsSpec {}

package dev.tollbridge.bridge.exchange;

/// Issuances per second, sustained and as a burst.
///
/// The bridge signs `jwt` credentials itself, so by default only targets of a provider are limited:
/// there a workload that asks too often would spend a quota that is not its own.
///
/// @param perIssuer of all workloads of one trusted issuer
/// @param perSubject of one workload, for credentials the bridge signs itself
/// @param perTarget of one target, for credentials the bridge signs itself
/// @param perProviderSubject of one workload, for credentials of a provider
/// @param perProviderTarget of one target, for credentials of a provider
public record IssuanceLimits(
        double perIssuer,
        double perSubject,
        double perTarget,
        double perProviderSubject,
        double perProviderTarget) {

    /// No limit at all, and no bookkeeping for one.
    public static final double UNLIMITED = Double.POSITIVE_INFINITY;

    public static final IssuanceLimits DEFAULT =
            new IssuanceLimits(UNLIMITED, UNLIMITED, UNLIMITED, 100, 1_000);
}

package dev.tollbridge.bridge.issuer;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.KeySource;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Network;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An issuer whose tokens are believed: what the user wrote, completed by the preset and the
/// defaults.
///
/// @param name of the document
/// @param issuer compared with `iss` code point by code point
/// @param audience the one audience its tokens must have
/// @param preset null: configured without one
/// @param directory where relative file names of the document start; null: a custom resource, which
///   names no files
/// @param claimTypes the types its preset gives claims; empty without a preset
/// @param maxTokenAge bound on now minus `iat`; null: none
/// @param mayOutlive whether a credential may live longer than the subject token
/// @param cap the longest life of a credential for this issuer's subjects
public record TrustedIssuer(
        String name,
        String issuer,
        String audience,
        @Nullable Preset preset,
        KeySource keys,
        @Nullable Path directory,
        Set<String> algorithms,
        Map<String, ClaimFact> claimTypes,
        List<String> identifyingClaims,
        @Nullable String stableSubject,
        Replay replay,
        @Nullable Duration maxTokenAge,
        Duration maxTokenLifetime,
        Duration clockSkew,
        boolean requiresJti,
        boolean kubernetes,
        boolean requirePod,
        @Nullable TokenReviewSource tokenReview,
        Network network,
        boolean mayOutlive,
        Duration cap) {}

package dev.tollbridge.bridge.mint;

import java.time.Duration;

/// How much one kind's minting may cost the others.
///
/// @param perKind credentials of this kind that may be under way at once
/// @param perTarget credentials of one target that may be under way at once: less than `perKind`,
///   so that one dead target cannot take the kind with it
/// @param deadline from asking to having the credential, tries and pauses included
/// @param attempts how often a provider is asked at most, where asking again is safe; at least 1
/// @param failuresToOpen failures in a row after which a target is not asked for a while
/// @param openFor how long that is at first; it doubles with each failed trial, up to a minute
public record MintLimits(
        int perKind,
        int perTarget,
        Duration deadline,
        int attempts,
        int failuresToOpen,
        Duration openFor) {

    public static final MintLimits DEFAULT =
            new MintLimits(1_024, 640, Duration.ofSeconds(10), 3, 5, Duration.ofSeconds(2));

    public MintLimits {
        if (perKind < 1 || perTarget < 1 || attempts < 1 || failuresToOpen < 1) {
            throw new IllegalArgumentException("limits are at least 1");
        }
    }

    public MintLimits withDeadline(Duration limit) {
        return new MintLimits(perKind, perTarget, limit, attempts, failuresToOpen, openFor);
    }

    public MintLimits withConcurrency(int ofKind, int ofTarget) {
        return new MintLimits(ofKind, ofTarget, deadline, attempts, failuresToOpen, openFor);
    }
}

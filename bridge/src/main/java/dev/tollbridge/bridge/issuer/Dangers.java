package dev.tollbridge.bridge.issuer;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What can go wrong with a grant over one issuer's claims, as data for the linter.
///
/// "Pins" means: restricts the claim to known values, by `match` or by a top-level `&&` term of the
/// condition that compares it with literals.
///
/// @param names claims that are names somebody can give up and somebody else take, with the
///   immutable ids that say the same; a grant that pins the name should pin one of the ids
/// @param wholeOnly claims that only mean something as a whole: a prefix or a pattern over them
///   admits strangers
/// @param anchors each a set of claims that together say whose workload it is; a grant must pin
///   every claim of at least one set. Empty: nothing does
/// @param guards what else a grant has to shut out
public record Dangers(
        Map<String, List<String>> names,
        List<String> wholeOnly,
        List<List<String>> anchors,
        List<Guard> guards) {

    public static final Dangers NONE = new Dangers(Map.of(), List.of(), List.of(), List.of());

    /// One kind of token that a careful grant does not admit, and the ways to shut it out.
    ///
    /// @param danger one sentence: who gets in otherwise
    /// @param when concerns only grants that pin this claim; null: every grant
    /// @param anyOf ways to shut it out: at least one of them, with all its pins
    public record Guard(Kind kind, String danger, @Nullable String when, List<List<Pin>> anyOf) {}

    /// How a grant restricts one claim.
    ///
    /// @param only the values that are safe; empty: all but those in `except`
    /// @param except the values that are not; a trailing `*` stands for anything that starts so.
    ///   With both lists empty any pin will do
    /// @param absent instead: the token must not have the claim at all, written in the condition as
    ///   `!('name' in claims)` or `!has(claims.name)`
    public record Pin(String claim, List<Object> only, List<Object> except, boolean absent) {}

    public enum Kind {
        /// Customers share the issuer: anybody's workload has such tokens.
        TENANT,
        /// Runs of code that a fork or an unmerged pull request brings.
        PULL_REQUEST_RUN,
        /// Runs of reviewed code that outsiders start, name or feed, such as GitHub's
        /// `pull_request_target`.
        STEERED_RUN,
        /// Runs of code that nobody has approved yet, such as a plan, or arbitrary commands.
        UNREVIEWED_RUN,
        /// A person has a shell in the job.
        PERSON_IN_JOB,
        /// An environment or tier that anybody who may write can name.
        UNPROTECTED,
        /// The claim means several things unless another one is pinned beside it.
        AMBIGUOUS
    }
}

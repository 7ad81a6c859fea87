package dev.tollbridge.bridge.config;

import java.util.List;

/// How one claim must look, as written in `match`. What the forms mean is for the policy package to
/// say.
public sealed interface MatchForm {

    /// The claim equals this. A {@link String} or a {@link Boolean}; numbers have to be quoted or
    /// go into the condition.
    record Exact(Object value) implements MatchForm {}

    /// The claim is a string that starts with this, which ends in `:` or `/`.
    record Prefix(String prefix) implements MatchForm {}

    /// The claim is a string that fits: `*` stands for any run of characters other than `:` and
    /// `/`.
    record Glob(String glob) implements MatchForm {}

    /// At least one of the forms holds. Never empty, never nested.
    record AnyOf(List<MatchForm> forms) implements MatchForm {}
}

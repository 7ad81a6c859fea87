package dev.tollbridge.bridge.issuer;

/// What is known about one claim of an issuer's tokens.
///
/// @param name the claim's name, or a JSON Pointer when it is nested; a trailing `*` stands for a
///   family of names
/// @param immutable whether the value names the same thing for ever, as numeric ids do and names do
///   not
/// @param attackerControlled whether somebody without administrative rights can choose the value
public record ClaimFact(
        String name,
        Type type,
        boolean immutable,
        boolean attackerControlled,
        Controller controller,
        String note) {

    public enum Type {
        STRING,
        INTEGER,
        BOOLEAN,
        STRINGS,
        /// A string or a list of strings.
        STRING_OR_STRINGS,
        OBJECT,
        ANY
    }

    /// Who decides the value.
    public enum Controller {
        /// The issuer itself.
        PLATFORM,
        /// An administrator of the organisation or cluster.
        ADMIN,
        /// Anybody who may write to the repository or its equivalent.
        WRITER,
        /// The running job.
        JOB,
        /// Anybody, such as the author of a fork.
        EXTERNAL
    }
}

package dev.tollbridge.bridge.issuer;

/// What is known about one claim of an issuer's tokens.
///
/// @param name the claim's name, or a JSON Pointer when it is nested; a trailing `*` stands for a
///   family of names
/// @param immutable whether the value names the same thing for ever, as numeric ids do and names do
///   not
/// @param type what JSON type the value has when the claim is there; JSON `null` counts as not
///   there
/// @param attackerControlled whether somebody without administrative rights can choose the value
/// @param note what to know about it, for people; may be empty
public record ClaimFact(
        String name,
        Type type,
        boolean immutable,
        boolean attackerControlled,
        Controller controller,
        String note) {

    /// Whether the name stands for all claims that start with what precedes the `*`.
    public boolean family() {
        return name.endsWith("*");
    }

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

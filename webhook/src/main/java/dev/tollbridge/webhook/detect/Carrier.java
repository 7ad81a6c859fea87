package dev.tollbridge.webhook.detect;

/// What carries a content, which says how its name is to be read.
public enum Carrier {
    /// A file; the name is its path, with `/` between folders.
    FILE,

    /// One decoded value of a Secret or ConfigMap, an annotation, a chart value; the name is its
    /// key.
    KEY,

    /// A literal environment variable; the name is the variable's.
    ENV,

    /// A `hostPath` or bind mount; the bytes are the path on the node, the name is empty.
    HOST_PATH,

    /// What a container runs (command and arguments, probes, lifecycle hooks); the bytes are the
    /// words joined by spaces, the name is the field.
    COMMAND
}

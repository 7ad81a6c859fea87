package dev.tollbridge.bridge.config;

/// Where documents are kept.
public enum DocumentForm {
    /// In files of a directory; what lies outside a document is a file too.
    FILE,
    /// In a cluster's API server; what lies outside a document is in a labelled Secret of the
    /// bridge's own namespace (DESIGN 14, rule 2).
    RESOURCE
}

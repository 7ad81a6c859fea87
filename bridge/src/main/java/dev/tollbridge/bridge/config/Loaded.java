package dev.tollbridge.bridge.config;

import java.util.List;

/// What came of reading a configuration: what could be understood, and every problem at once.
///
/// @param documents the documents without an error of their own
/// @param sightings what a refused edit takes away is judged by this
public record Loaded(Documents documents, List<Problem> problems, Sightings sightings) {

    /// Whether the configuration may be used as it is. Other packages have rules of their own; this
    /// is only what the documents themselves say.
    public boolean acceptable() {
        return problems.stream().noneMatch(p -> p.severity() == Problem.Severity.ERROR);
    }
}

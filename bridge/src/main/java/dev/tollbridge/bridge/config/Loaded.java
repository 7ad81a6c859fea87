package dev.tollbridge.bridge.config;

import java.util.List;

/// What came of reading a configuration: what could be understood, and every problem at once.
public record Loaded(Documents documents, List<Problem> problems) {
    public boolean acceptable() {
        return problems.stream().noneMatch(p -> p.severity() == Problem.Severity.ERROR);
    }
}

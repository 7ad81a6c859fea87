package dev.tollbridge.bridge.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The webhook's settings, as written.
public record AdmissionSettingsSpec(
        Mode defaultMode,
        List<NamespaceMode> namespaces,
        @Nullable Inject inject,
        Uninspectable uninspectable)
        implements Spec {

    public enum Mode {
        OFF,
        AUDIT,
        WARN,
        ENFORCE
    }

    public enum Uninspectable {
        ALLOW,
        WARN,
        DENY
    }

    /// Exactly one of name and glob.
    public record NamespaceMode(@Nullable String name, @Nullable String glob, Mode mode) {}

    /// @param evictionsPerSweep how many pods that missed their injection a sweep may evict
    public record Inject(
            String url,
            String audience,
            @Nullable String image,
            List<InjectTarget> targets,
            int evictionsPerSweep) {}

    public record InjectTarget(String name, String kind) {}
}

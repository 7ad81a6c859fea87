package dev.tollbridge.webhook.decide;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the platform decided: cluster-scoped, never read from what a tenant can edit.
///
/// @param defaultMode of namespaces that no rule names
/// @param namespaces a rule that names a namespace goes before those with a pattern; among patterns
///   the first that fits
/// @param protectedNamespaces what the cluster and the webhook themselves depend on: nothing is
///   ever refused there
public record Settings(
        Mode defaultMode,
        List<NamespaceRule> namespaces,
        Uninspectable uninspectable,
        List<Exemption> exemptions,
        Set<String> protectedNamespaces,
        List<String> targets) {

    /// Without these the cluster cannot heal itself, nor anybody switch the webhook off.
    public static final Set<String> OF_THE_CLUSTER =
            Set.of("kube-system", "kube-node-lease", "kube-public");

    public static final Settings DEFAULT =
            new Settings(
                    Mode.AUDIT,
                    List.of(),
                    Uninspectable.WARN,
                    List.of(),
                    OF_THE_CLUSTER,
                    List.of());

    public Settings {
        namespaces = List.copyOf(namespaces);
        exemptions = List.copyOf(exemptions);
        protectedNamespaces = Set.copyOf(protectedNamespaces);
        targets = List.copyOf(targets);
    }

    /// Exactly one of name and glob; in a glob `*` stands for any characters.
    public record NamespaceRule(@Nullable String name, @Nullable String glob, Mode mode) {

        boolean names(String namespace) {
            return namespace.equals(name);
        }

        boolean fits(String namespace) {
            return glob != null && Globs.matches(glob, namespace);
        }
    }

    public boolean isProtected(String namespace) {
        return protectedNamespaces.contains(namespace);
    }

    public Mode mode(String namespace) {
        Mode written = written(namespace);
        return isProtected(namespace) ? written.atMost(Mode.WARN) : written;
    }

    private Mode written(String namespace) {
        for (NamespaceRule rule : namespaces) {
            if (rule.names(namespace)) {
                return rule.mode();
            }
        }
        for (NamespaceRule rule : namespaces) {
            if (rule.fits(namespace)) {
                return rule.mode();
            }
        }
        return defaultMode;
    }
}

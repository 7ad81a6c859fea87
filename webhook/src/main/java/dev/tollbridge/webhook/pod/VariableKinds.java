package dev.tollbridge.webhook.pod;

import java.util.Set;

/// Where variables of a container come from, as Kubernetes 1.36 knows it. What is on no list is
/// something that nobody here has thought about, and is treated so.
public final class VariableKinds {

    /// Members of `envFrom` that are walked into, or hold nothing.
    public static final Set<String> OF_MANY = Set.of("prefix", "secretRef", "configMapRef");

    /// Members of `valueFrom` that are walked into.
    static final Set<String> WALKED = Set.of("secretKeyRef", "configMapKeyRef");

    /// The pod's own metadata, which is judged as it stands; sizes; and a file that the pod's own
    /// containers write into an emptyDir.
    static final Set<String> HARMLESS = Set.of("fieldRef", "resourceFieldRef", "fileKeyRef");

    private VariableKinds() {}

    /// Every member of `valueFrom` that is known.
    public static Set<String> ofOne() {
        Set<String> all = new java.util.TreeSet<>(WALKED);
        all.addAll(HARMLESS);
        return all;
    }
}

package dev.tollbridge.bridge.setup;

import java.util.Locale;

/// In which language the other side is told.
public enum SetupForm {
    /// Documents for the provider's API, as one JSON object whose members say what each is for.
    JSON,
    /// Commands of the provider's own command line.
    SHELL,
    TERRAFORM,
    /// Kubernetes resources.
    YAML,
    /// The other direction: the file by which the provider's own libraries come to the bridge.
    CREDENTIAL_CONFIG,
    /// For whoever is to use the credential with kubectl: a kubeconfig without a secret in it.
    KUBECONFIG;

    /// As `--output` takes it.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

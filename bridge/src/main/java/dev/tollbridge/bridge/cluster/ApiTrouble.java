package dev.tollbridge.bridge.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;

/// What went wrong between us and an API server, for operators.
public final class ApiTrouble {

    private ApiTrouble() {}

    /// Without the client's own words, which quote the object.
    public static String reason(KubernetesClientException e) {
        return e.getCode() > 0
                ? "the API server answers " + e.getCode()
                : "the API server cannot be reached";
    }
}

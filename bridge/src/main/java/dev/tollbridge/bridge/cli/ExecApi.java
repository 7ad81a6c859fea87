package dev.tollbridge.bridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/// The version of `ExecCredential` that a Kubernetes client expects of its credential plugin: the
/// one it names in `KUBERNETES_EXEC_INFO` (Kubernetes, "client-go credential plugins").
enum ExecApi {
    V1("client.authentication.k8s.io/v1"),
    V1BETA1("client.authentication.k8s.io/v1beta1");

    static final String VARIABLE = "KUBERNETES_EXEC_INFO";

    /// A client puts the cluster's certificates into it.
    private static final int LONGEST = 1 << 20;

    private final String version;

    ExecApi(String version) {
        this.version = version;
    }

    String version() {
        return version;
    }

    /// @param info the variable's value; null or empty: nobody but a person asks, and gets v1
    /// @throws IllegalArgumentException with a message for people
    static ExecApi asked(@Nullable String info) {
        if (info == null || info.isEmpty()) {
            return V1;
        }
        String asked = info.length() > LONGEST ? null : version(info);
        for (ExecApi api : values()) {
            if (api.version.equals(asked)) {
                return api;
            }
        }
        throw new IllegalArgumentException(
                VARIABLE + " asks for neither " + V1.version + " nor " + V1BETA1.version);
    }

    private static @Nullable String version(String info) {
        try {
            JsonNode tree = new ObjectMapper().readTree(info);
            return tree == null ? null : tree.path("apiVersion").textValue();
        } catch (JsonProcessingException e) {
            // Said by whoever asked, without quoting it.
            return null;
        }
    }
}

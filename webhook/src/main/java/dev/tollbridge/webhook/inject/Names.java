package dev.tollbridge.webhook.inject;

/// What people write into pods, and what they find there (documented in docs/webhook.md).
final class Names {

    static final String INJECT_LABEL = "tollbridge.dev/inject";
    static final String TARGETS = "tollbridge.dev/targets";
    static final String SIDECAR_WANTED = "tollbridge.dev/sidecar";
    static final String SKIPPED = "tollbridge.dev/skip-containers";

    /// What was injected, as a version and a hash; written here, checked when the pod is validated.
    static final String MARK = "tollbridge.dev/injected";

    /// Google's libraries want a file, and a file in the tenant's namespace could be changed by
    /// whoever may not change the pod. The pod's own annotation can be changed by nobody else.
    static final String GOOGLE_CREDENTIALS = "tollbridge.dev/google-credentials";

    static final String TOKEN_VOLUME = "tollbridge-token";
    static final String TOKEN_FOLDER = "/var/run/secrets/tollbridge.dev";
    static final String TOKEN_FILE = TOKEN_FOLDER + "/token";
    static final String GOOGLE_FILE = "google.json";

    static final String FILES_VOLUME = "tollbridge-files";
    static final String FILES_FOLDER = "/var/run/tollbridge";
    static final String BEARER_FILE = FILES_FOLDER + "/bearer";

    static final String SIDECAR = "tollbridge-sidecar";

    /// Where the sidecar listens unless it is told otherwise (docs/sidecar.md).
    static final String SIDECAR_ADDRESS = "127.0.0.1:9911";

    static final int SIDECAR_HEALTH_PORT = 9912;

    /// The sidecar's user and group where the pod names none; the same that distroless images call
    /// nonroot.
    static final int NOBODY = 65532;

    private Names() {}
}

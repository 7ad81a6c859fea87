package dev.tollbridge.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What is asked of the bridge: tokens shaped like those of GitHub Actions, from a few hundred
/// repositories of one owner, and the documents that give each of them a target.
///
/// The first ten grants are the ones that match, in every size of configuration; the others differ
/// from them in nothing but the repository's id.
public final class Workload {

    public static final String ISSUER = "https://token.actions.githubusercontent.com";
    public static final String AUDIENCE = "https://tollbridge.acme.example";
    public static final String TARGET = "internal-api";
    public static final String KEY_ID = "bench-1";

    static final int GRANTS_THAT_MATCH = 10;
    static final int REPOSITORIES_PER_GRANT = 40;
    static final int REPOSITORIES = GRANTS_THAT_MATCH * REPOSITORIES_PER_GRANT;

    private static final int FIRST_REPOSITORY = 200_000;

    private Workload() {}

    /// The payload of a token. All have the same length.
    ///
    /// @param number makes its `jti` unique
    /// @param issued seconds since 1970
    public static String claims(int number, long issued, long expires) {
        int repository = FIRST_REPOSITORY + number % REPOSITORIES;
        String id = digits(number);
        return """
        {"iss":"%s","sub":"repo:acme@1001/service-%d@%d:environment:production",\
        "aud":"%s","jti":"aaaaaaaa-0000-4000-8000-0000%s",\
        "iat":%d,"nbf":%d,"exp":%d,"actor":"octocat","actor_id":"583231","base_ref":"",\
        "head_ref":"","check_run_id":"4821%s","environment":"production",\
        "event_name":"push",\
        "job_workflow_ref":"acme/service-%d/.github/workflows/deploy.yml@refs/heads/main",\
        "job_workflow_sha":"0123456789abcdef0123456789abcdef01234567",\
        "ref":"refs/heads/main","ref_type":"branch","ref_protected":"true",\
        "repository":"acme/service-%d","repository_id":"%d","repository_owner":"acme",\
        "repository_owner_id":"1001","repository_visibility":"private","run_id":"78%s",\
        "run_number":"42","run_attempt":"1","runner_environment":"github-hosted",\
        "sha":"0123456789abcdef0123456789abcdef01234567","workflow":"deploy",\
        "workflow_ref":"acme/service-%d/.github/workflows/deploy.yml@refs/heads/main",\
        "workflow_sha":"0123456789abcdef0123456789abcdef01234567"}\
        """
                .formatted(
                        ISSUER,
                        repository,
                        repository,
                        AUDIENCE,
                        id,
                        issued,
                        issued,
                        expires,
                        id,
                        repository,
                        repository,
                        repository,
                        id,
                        repository);
    }

    private static String digits(int number) {
        String digits = Integer.toString(number);
        return "00000000".substring(digits.length()) + digits;
    }

    /// Writes the documents of a bridge.
    ///
    /// @param jwks the issuer's keys
    /// @param lifetime of the tokens, as a document says it
    public static void writeDocuments(Path folder, String jwks, String lifetime, int grants)
            throws IOException {
        writeDocuments(
                folder,
                jwks,
                lifetime,
                grants,
                List.of(TARGET),
                "jwt: {audience: \"https://api.acme.example\", scopes: [\"deploy:write\", \"deploy:read\"]}");
    }

    /// @param targets that each grant gives
    /// @param settings of each target: its kind and fields, on one line
    static void writeDocuments(
            Path folder,
            String jwks,
            String lifetime,
            int grants,
            List<String> targets,
            String settings)
            throws IOException {
        Files.writeString(folder.resolve("jwks.json"), jwks);
        Files.writeString(
                folder.resolve("issuer.yaml"),
                """
                apiVersion: tollbridge.dev/v1alpha1
                kind: TrustedIssuer
                metadata: {name: github}
                spec:
                  preset: github-actions
                  audience: %s
                  keys: {file: jwks.json}
                  replay: single-use
                  maxTokenLifetime: %s
                """
                        .formatted(AUDIENCE, lifetime));
        StringBuilder documents = new StringBuilder();
        StringBuilder allow = new StringBuilder();
        for (String target : targets) {
            documents.append(
                    """
                    apiVersion: tollbridge.dev/v1alpha1
                    kind: Target
                    metadata: {name: %s}
                    spec:
                      owner: team-platform@acme.example
                      %s
                    ---
                    """
                            .formatted(target, settings));
            allow.append(allow.isEmpty() ? "" : ", ")
                    .append("{target: ")
                    .append(target)
                    .append(", ttl: 10m, scopes: [\"deploy:write\"]}");
        }
        Files.writeString(folder.resolve("targets.yaml"), documents);
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("grants.yaml"))) {
            for (int grant = 0; grant < grants; grant++) {
                out.write(
                        """
                        apiVersion: tollbridge.dev/v1alpha1
                        kind: Grant
                        metadata: {name: deploy-%s}
                        spec:
                          owner: team-platform@acme.example
                          issuer: github
                          match: {repository_id: %s, repository_owner_id: "1001", environment: production}
                          condition: claims.ref == 'refs/heads/main' && claims.event_name in ['push', 'workflow_dispatch']
                          allow: [%s]
                          expires: 2099-12-31
                        ---
                        """
                                .formatted(digits(grant), repositories(grant), allow));
            }
        }
    }

    private static String repositories(int grant) {
        if (grant >= GRANTS_THAT_MATCH) {
            return "\"" + (FIRST_REPOSITORY + REPOSITORIES + grant) + "\"";
        }
        StringBuilder ids = new StringBuilder("{anyOf: [");
        for (int i = 0; i < REPOSITORIES_PER_GRANT; i++) {
            ids.append(i == 0 ? "\"" : ", \"")
                    .append(FIRST_REPOSITORY + grant * REPOSITORIES_PER_GRANT + i)
                    .append('"');
        }
        return ids.append("]}").toString();
    }
}

package dev.tollbridge.bridge.rules;

import dev.tollbridge.bridge.config.DocumentReader;
import dev.tollbridge.bridge.config.Loaded;
import java.time.LocalDate;
import java.util.SortedMap;
import java.util.TreeMap;

/// A configuration as its author edits it: one issuer, two targets, two grants to begin with.
final class Edit {

    static final LocalDate TODAY = LocalDate.of(2026, 11, 21);

    private final SortedMap<String, String> files = new TreeMap<>();

    Edit() {
        put("issuer.yaml", issuer(""));
        put("targets.yaml", target("api") + "---\n" + target("other"));
        put("grant-deploy.yaml", grant("deploy", "api"));
        put("grant-read.yaml", grant("read", "other"));
    }

    Edit put(String file, String text) {
        files.put(file, text);
        return this;
    }

    Edit delete(String file) {
        files.remove(file);
        return this;
    }

    /// Something that nobody can put in force.
    Edit andSomethingRefused() {
        return put("broken.yaml", grant("broken", "nowhere"));
    }

    Loaded read() {
        DocumentReader reader = new DocumentReader(TODAY);
        files.forEach(reader::read);
        return reader.loaded();
    }

    static String issuer(String more) {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: TrustedIssuer
        metadata: {name: ci}
        spec:
          issuer: https://ci.example
          audience: https://tollbridge.example
        """
                + more;
    }

    static String target(String name) {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: %s}
        spec:
          owner: team@acme.example
          jwt: {audience: "https://%s.example"}
        """
                .formatted(name, name);
    }

    static String grant(String name, String target) {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: Grant
        metadata: {name: %s}
        spec:
          owner: team@acme.example
          issuer: ci
          match: {sub: job-42}
          allow: [{target: %s, ttl: 10m}]
        """
                .formatted(name, target);
    }
}

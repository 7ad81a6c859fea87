package dev.tollbridge.bridge.rules;

import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.TrustedIssuerSpec;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.KeySource;
import dev.tollbridge.bridge.issuer.IssuerRule;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.token.keys.AdmittedKeys;
import dev.tollbridge.bridge.token.keys.KeyAdmission;
import dev.tollbridge.bridge.token.keys.NotKeys;
import dev.tollbridge.bridge.token.keys.SkippedKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks at the keys that are written in documents or lie in files beside them: what cannot be
/// admitted there is the author's mistake, and said when it is made, not when the first token
/// comes.
///
/// A key that is skipped is a warning, a set without any that is left an error.
final class WrittenKeys {

    private static final String PATH = "spec.keys";

    private final List<Problem> problems;

    private WrittenKeys(List<Problem> problems) {
        this.problems = problems;
    }

    static void check(
            Documents documents, Collection<TrustedIssuer> issuers, List<Problem> problems) {
        WrittenKeys written = new WrittenKeys(problems);
        for (TrustedIssuer issuer : issuers) {
            Document<TrustedIssuerSpec> document = documents.issuers().get(issuer.name());
            if (document != null) {
                written.check(document, issuer);
            }
        }
    }

    private void check(Document<TrustedIssuerSpec> document, TrustedIssuer issuer) {
        switch (issuer.keys()) {
            case KeySource.Inline(String jwks) ->
                    admit(document, issuer, jwks.getBytes(StandardCharsets.UTF_8));
            case KeySource.File(String path) -> {
                byte[] content = read(issuer.directory(), path);
                if (content != null) {
                    admit(document, issuer, content);
                }
            }
            case KeySource.Discovery _, KeySource.Url _, KeySource.ApiServer _ -> {}
        }
    }

    /// Null when it cannot be read: it may be mounted later, and until then the issuer's tokens are
    /// refused as `issuer_unavailable`.
    private static byte @Nullable [] read(@Nullable Path directory, String name) {
        if (directory == null) {
            return null;
        }
        try (InputStream in = Files.newInputStream(directory.resolve(name))) {
            return in.readNBytes(KeyAdmission.MAX_BYTES + 1);
        } catch (IOException e) {
            return null;
        }
    }

    private void admit(Document<TrustedIssuerSpec> document, TrustedIssuer issuer, byte[] jwks) {
        try {
            AdmittedKeys admitted = KeyAdmission.admit(jwks, issuer.algorithms());
            for (SkippedKey key : admitted.skipped()) {
                problem(
                        IssuerRule.SKIPPED_KEY,
                        document,
                        "key " + (key.position() + 1) + " is not used: " + key.reason());
            }
            if (admitted.count() == 0) {
                problem(IssuerRule.NO_USABLE_KEY, document, "no key of the set can be admitted");
            }
        } catch (NotKeys e) {
            problem(IssuerRule.NO_USABLE_KEY, document, String.valueOf(e.getMessage()));
        }
    }

    private void problem(IssuerRule rule, Document<TrustedIssuerSpec> document, String message) {
        problems.add(rule.brokenBy(document, PATH, message, null));
    }
}

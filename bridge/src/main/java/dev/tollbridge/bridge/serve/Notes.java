package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.audit.AuditTrail;
import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.rules.Rules;
import dev.tollbridge.bridge.signing.KeyEvent;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/// Puts into the record what happens beside exchanges: other rules in force, signing keys that
/// change their state.
record Notes(AuditTrail trail, InstantSource clock) {

    void rules(Rules inForce) {
        Documents documents = inForce.documents();
        note(
                AuditRecord.Kind.CONFIG,
                "rules",
                String.format(
                        Locale.ROOT,
                        "in force: %d issuers, %d targets, %d grants",
                        documents.issuers().size(),
                        documents.targets().size(),
                        documents.grants().size()));
    }

    void key(KeyEvent event) {
        note(
                AuditRecord.Kind.KEY,
                event.key().kid(),
                String.format(
                        Locale.ROOT,
                        "%s key of the %s issuer is %s",
                        event.key().algorithm().joseName(),
                        event.key().issuer().code(),
                        event.key().state().name().toLowerCase(Locale.ROOT)));
    }

    private void note(AuditRecord.Kind kind, String id, String detail) {
        CompletableFuture<Void> _ =
                trail.append(AuditRecord.note(clock.instant(), kind, id, detail));
    }
}

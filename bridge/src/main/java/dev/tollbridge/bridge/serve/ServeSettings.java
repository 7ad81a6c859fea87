package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import dev.tollbridge.bridge.exchange.IssuanceLimits;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.http.ListenAddress;
import dev.tollbridge.bridge.http.ListenerSettings;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What `tollbridge serve` was asked to do.
///
/// @param config where documents are
/// @param data where keys, the record and last good key sets live
/// @param externalUrl the bridge's own issuer name; null: the listener's URL
/// @param endpoints of providers beside the built-in ones (DESIGN 14, rule 2)
/// @param explainForCallers whether whoever holds a subject token may ask what it would be given
/// @param requireDpopNonce whether every DPoP proof must carry a nonce of ours (RFC 9449 section 8)
/// @param operators the cluster whose users may be operators too (DESIGN 14, rule 7); null: only
///   who has the token file
/// @param stores where issuances and keys are kept
/// @param revokeWithPods whether what was issued to a pod is revoked when the pod is deleted
public record ServeSettings(
        DocumentsFrom config,
        Path data,
        ListenerSettings listener,
        ListenAddress management,
        @Nullable String externalUrl,
        AllowedEndpoints endpoints,
        IssuanceLimits limits,
        boolean explainForCallers,
        boolean requireDpopNonce,
        @Nullable TokenReviewSource operators,
        AuditSettings audit,
        Stores stores,
        boolean revokeWithPods) {

    /// On free ports of this machine, with nothing that has to be asked for.
    public static ServeSettings local(Path config, Path data) {
        return new ServeSettings(
                new DocumentsFrom.Folder(config),
                data,
                ListenerSettings.local(0),
                new ListenAddress("127.0.0.1", 0),
                null,
                AllowedEndpoints.NONE,
                IssuanceLimits.DEFAULT,
                false,
                false,
                null,
                AuditSettings.FILES,
                Stores.ON_DISK,
                false);
    }

    public ServeSettings withConfig(DocumentsFrom other) {
        return with(draft -> draft.config = other);
    }

    public ServeSettings withListener(ListenerSettings other) {
        return with(draft -> draft.listener = other);
    }

    public ServeSettings withExternalUrl(@Nullable String url) {
        return with(draft -> draft.externalUrl = url);
    }

    public ServeSettings withEndpoints(AllowedEndpoints other) {
        return with(draft -> draft.endpoints = other);
    }

    public ServeSettings withRequiredDpopNonce() {
        return with(draft -> draft.requireDpopNonce = true);
    }

    public ServeSettings withOperators(TokenReviewSource cluster) {
        return with(draft -> draft.operators = cluster);
    }

    public ServeSettings withAudit(AuditSettings other) {
        return with(draft -> draft.audit = other);
    }

    public ServeSettings withStores(Stores other) {
        return with(draft -> draft.stores = other);
    }

    /// With the ledger elsewhere.
    public ServeSettings withLedger(KeptIn ledger) {
        return withStores(new Stores(ledger, stores.keys()));
    }

    public ServeSettings withRevocationByPods() {
        return with(draft -> draft.revokeWithPods = true);
    }

    private ServeSettings with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    /// What differs from settings that are there.
    private static final class Draft {
        private final ServeSettings from;
        private DocumentsFrom config;
        private ListenerSettings listener;
        private @Nullable String externalUrl;
        private AllowedEndpoints endpoints;
        private boolean requireDpopNonce;
        private @Nullable TokenReviewSource operators;
        private AuditSettings audit;
        private Stores stores;
        private boolean revokeWithPods;

        Draft(ServeSettings from) {
            this.from = from;
            config = from.config;
            listener = from.listener;
            externalUrl = from.externalUrl;
            endpoints = from.endpoints;
            requireDpopNonce = from.requireDpopNonce;
            operators = from.operators;
            audit = from.audit;
            stores = from.stores;
            revokeWithPods = from.revokeWithPods;
        }

        ServeSettings settings() {
            return new ServeSettings(
                    config,
                    from.data,
                    listener,
                    from.management,
                    externalUrl,
                    endpoints,
                    from.limits,
                    from.explainForCallers,
                    requireDpopNonce,
                    operators,
                    audit,
                    stores,
                    revokeWithPods);
        }
    }
}

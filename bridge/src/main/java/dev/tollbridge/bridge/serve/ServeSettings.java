package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import dev.tollbridge.bridge.exchange.IssuanceLimits;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.http.ListenAddress;
import dev.tollbridge.bridge.http.ListenerSettings;
import java.nio.file.Path;
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

    /// With the ledger on its own disk.
    public ServeSettings(
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
            AuditSettings audit) {
        this(
                config,
                data,
                listener,
                management,
                externalUrl,
                endpoints,
                limits,
                explainForCallers,
                requireDpopNonce,
                operators,
                audit,
                Stores.ON_DISK,
                false);
    }

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
                AuditSettings.FILES);
    }

    public ServeSettings withExternalUrl(String url) {
        return new ServeSettings(
                config,
                data,
                listener,
                management,
                url,
                endpoints,
                limits,
                explainForCallers,
                requireDpopNonce,
                operators,
                audit,
                stores,
                revokeWithPods);
    }

    public ServeSettings withRequiredDpopNonce() {
        return new ServeSettings(
                config,
                data,
                listener,
                management,
                externalUrl,
                endpoints,
                limits,
                explainForCallers,
                true,
                operators,
                audit,
                stores,
                revokeWithPods);
    }

    public ServeSettings withOperators(TokenReviewSource cluster) {
        return new ServeSettings(
                config,
                data,
                listener,
                management,
                externalUrl,
                endpoints,
                limits,
                explainForCallers,
                requireDpopNonce,
                cluster,
                audit,
                stores,
                revokeWithPods);
    }

    public ServeSettings withAudit(AuditSettings other) {
        return new ServeSettings(
                config,
                data,
                listener,
                management,
                externalUrl,
                endpoints,
                limits,
                explainForCallers,
                requireDpopNonce,
                operators,
                other,
                stores,
                revokeWithPods);
    }

    public ServeSettings withEndpoints(AllowedEndpoints other) {
        return new ServeSettings(
                config,
                data,
                listener,
                management,
                externalUrl,
                other,
                limits,
                explainForCallers,
                requireDpopNonce,
                operators,
                audit,
                stores,
                revokeWithPods);
    }

    public ServeSettings withConfig(DocumentsFrom other) {
        return new ServeSettings(
                other,
                data,
                listener,
                management,
                externalUrl,
                endpoints,
                limits,
                explainForCallers,
                requireDpopNonce,
                operators,
                audit,
                stores,
                revokeWithPods);
    }

    /// With the ledger elsewhere.
    public ServeSettings withLedger(KeptIn ledger) {
        return withStores(new Stores(ledger, stores.keys()));
    }

    public ServeSettings withStores(Stores other) {
        return new ServeSettings(
                config,
                data,
                listener,
                management,
                externalUrl,
                endpoints,
                limits,
                explainForCallers,
                requireDpopNonce,
                operators,
                audit,
                other,
                revokeWithPods);
    }

    public ServeSettings withRevocationByPods() {
        return new ServeSettings(
                config,
                data,
                listener,
                management,
                externalUrl,
                endpoints,
                limits,
                explainForCallers,
                requireDpopNonce,
                operators,
                audit,
                stores,
                true);
    }
}

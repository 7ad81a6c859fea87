package dev.tollbridge.bridge.ledger.kubernetes;

import dev.tollbridge.bridge.cluster.Resources;
import dev.tollbridge.bridge.session.SessionStore;
import dev.tollbridge.bridge.session.SessionStoreContract;
import dev.tollbridge.bridge.signing.HandleKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/// The contract, on a real API server.
class SharedSessionsTest extends SessionStoreContract {

    private final LedgerNamespace namespace = new LedgerNamespace(Resources.cluster());
    private @Nullable KubernetesLedger ledger;

    @Override
    protected SessionStore open(HandleKey key) {
        KubernetesLedger opened = namespace.open(data.resolve("bridge"), "bridge-0", clock);
        ledger = opened;
        return opened.sessions(key, DEADLINE);
    }

    @Override
    protected void stop() {
        Objects.requireNonNull(ledger).close();
    }

    @AfterEach
    void leave() {
        namespace.close();
    }
}

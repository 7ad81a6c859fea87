package dev.tollbridge.bridge.ledger.kubernetes;

import dev.tollbridge.bridge.cluster.Resources;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.ledger.LedgerContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// The contract, on a real API server.
class KubernetesLedgerTest extends LedgerContract {

    @TempDir private Path data;
    private final LedgerNamespace namespace = new LedgerNamespace(Resources.cluster());

    @Override
    protected Ledger open() {
        return namespace.open(data, "bridge-0", clock);
    }

    @Override
    protected Ledger reopen() {
        ledger.close();
        return open();
    }

    @AfterEach
    void end() {
        namespace.close();
    }
}

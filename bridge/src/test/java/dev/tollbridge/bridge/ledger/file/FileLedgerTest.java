package dev.tollbridge.bridge.ledger.file;

import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.ledger.LedgerContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileLedgerTest extends LedgerContract {

    @TempDir private Path data;

    @Override
    protected Ledger open() {
        return FileLedger.open(data, FileLedgerSettings.standard(clock));
    }

    @Override
    protected Ledger reopen() {
        ledger.close();
        return open();
    }
}

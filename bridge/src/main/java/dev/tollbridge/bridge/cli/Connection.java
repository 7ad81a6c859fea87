package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.client.Http;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Opens the HTTP client a command uses.
final class Connection {

    private Connection() {}

    static Http open(@Nullable Path caFile) {
        try {
            return Http.trusting(caFile);
        } catch (IOException e) {
            throw CommandFailure.usage("--ca-file: " + e.getMessage());
        }
    }
}

package dev.tollbridge.bridge.outlet;

import dev.tollbridge.bridge.fetch.AllowedEndpoints.Endpoint;
import dev.tollbridge.bridge.fetch.FetchFailure;
import dev.tollbridge.bridge.fetch.FetchRequest;
import dev.tollbridge.bridge.fetch.FetchResponse;
import dev.tollbridge.bridge.fetch.Fetcher;
import dev.tollbridge.bridge.secret.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Sends lines by POST, through the one guarded way out.
public final class HttpOutlet implements RecordOutlet {

    /// For a batch. Nobody waits for it but the next batch.
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final int LONGEST_TOKEN = 16 * 1024;

    /// A body that this server cannot take, today or tomorrow. Everything else, a wrong path or
    /// credential too, is somebody's to mend, and the lines wait for it.
    private static final Set<Integer> NOT_TAKEN = Set.of(400, 413, 415, 422);

    /// How lines become a body.
    public enum Form {
        /// One JSON object a line (`application/x-ndjson`).
        NDJSON("application/x-ndjson") {
            @Override
            byte[] body(List<byte[]> lines) {
                return LinesOutlet.joined(lines);
            }
        },
        /// OpenTelemetry's logs (OTLP/HTTP with JSON).
        OTLP("application/json") {
            @Override
            byte[] body(List<byte[]> lines) {
                return OtlpLogs.body(lines);
            }
        };

        private final String contentType;

        Form(String contentType) {
            this.contentType = contentType;
        }

        abstract byte[] body(List<byte[]> lines);
    }

    private final Fetcher fetcher;
    private final Endpoint endpoint;
    private final Form form;
    private final @Nullable Path tokenFile;

    /// @param tokenFile holds a bearer token, read for each request; null: none is sent
    public HttpOutlet(Fetcher fetcher, Endpoint endpoint, Form form, @Nullable Path tokenFile) {
        this.fetcher = fetcher;
        this.endpoint = endpoint;
        this.form = form;
        this.tokenFile = tokenFile;
    }

    @Override
    public void send(List<byte[]> lines) throws OutletFailure {
        FetchRequest request =
                FetchRequest.post(
                        endpoint.uri(),
                        form.contentType,
                        form.body(lines),
                        endpoint.rules().withDeadline(DEADLINE));
        FetchResponse response;
        try {
            response = fetcher.send(tokenFile == null ? request : request.withBearer(token()));
        } catch (FetchFailure e) {
            throw OutletFailure.passing(String.valueOf(e.getMessage()));
        }
        if (NOT_TAKEN.contains(response.status())) {
            throw OutletFailure.notTaken("it answered " + response.status());
        }
        if (response.status() < 200 || response.status() > 299) {
            throw OutletFailure.passing("it answered " + response.status());
        }
        if (form == Form.OTLP && OtlpLogs.rejected(response.body()) > 0) {
            throw OutletFailure.notTaken("the collector took a part of it only");
        }
    }

    private Secret token() throws OutletFailure {
        try {
            byte[] bytes = Files.readAllBytes(java.util.Objects.requireNonNull(tokenFile));
            String text = new String(bytes, StandardCharsets.US_ASCII).strip();
            if (text.isEmpty() || bytes.length > LONGEST_TOKEN) {
                throw OutletFailure.passing("its token file holds no token");
            }
            return Secret.of(text);
        } catch (IOException e) {
            throw OutletFailure.passing("its token file cannot be read");
        }
    }
}

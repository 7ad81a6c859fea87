package dev.tollbridge.bridge.fetch;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An answer, read to its end.
///
/// @param status 1xx and 3xx never get here
/// @param headers by name in lower case; of a repeated header, the first
@SuppressWarnings("ArrayRecordComponent") // read once and dropped; nobody compares answers
public record FetchResponse(int status, Map<String, String> headers, byte[] body) {

    /// @param name in lower case
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    @Override
    public String toString() {
        return "FetchResponse[" + status + ", " + body.length + " bytes]";
    }
}

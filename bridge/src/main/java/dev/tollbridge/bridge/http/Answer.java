package dev.tollbridge.bridge.http;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/// What goes back to the caller.
///
/// @param contentType empty: no body
/// @param cacheable whether others may keep it for a few minutes; everything else says `no-store`
/// @param headers beyond those every answer has
/// @param hangUp whether the connection ends with it
record Answer(
        int status,
        String contentType,
        Buffer body,
        boolean cacheable,
        List<Header> headers,
        boolean hangUp) {

    static final String JSON = "application/json";

    record Header(String name, String value) {}

    static Answer json(int status, byte[] body) {
        return new Answer(status, JSON, Buffer.buffer(body), false, List.of(), false);
    }

    static Answer json(int status, byte[] body, List<Header> headers) {
        return new Answer(status, JSON, Buffer.buffer(body), false, headers, false);
    }

    static Answer empty(int status) {
        return new Answer(status, "", Buffer.buffer(), false, List.of(), false);
    }

    Answer hangingUp() {
        return new Answer(status, contentType, body, cacheable, headers, true);
    }

    Answer with(Header header) {
        List<Header> more = new ArrayList<>(headers);
        more.add(header);
        return new Answer(status, contentType, body, cacheable, List.copyOf(more), hangUp);
    }
}

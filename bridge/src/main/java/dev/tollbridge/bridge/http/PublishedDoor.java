package dev.tollbridge.bridge.http;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Supplier;

/// A document for everybody: discovery metadata or public keys.
final class PublishedDoor implements Door {

    private final Supplier<byte[]> document;

    PublishedDoor(Supplier<byte[]> document) {
        this.document = document;
    }

    @Override
    public void serve(Call call) {
        call.answer(
                new Answer(
                        200, Answer.JSON, Buffer.buffer(document.get()), true, List.of(), false));
    }
}

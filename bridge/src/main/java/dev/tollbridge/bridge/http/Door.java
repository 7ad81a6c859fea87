package dev.tollbridge.bridge.http;

/// What stands behind a path. Called on an event loop with the whole request; whatever may block
/// goes through {@link Call#work}.
@FunctionalInterface
interface Door {

    /// @throws BadRequest when the request is not one the door understands
    void serve(Call call) throws BadRequest;
}

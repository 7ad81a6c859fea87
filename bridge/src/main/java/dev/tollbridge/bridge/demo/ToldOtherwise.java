package dev.tollbridge.bridge.demo;

/// A step did not come out as the story tells it. Holds no secret.
public final class ToldOtherwise extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ToldOtherwise(String message) {
        super(message, null, false, false);
    }
}

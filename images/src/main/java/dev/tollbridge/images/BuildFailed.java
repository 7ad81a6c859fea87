package dev.tollbridge.images;

/// No image, in words for whoever builds it.
final class BuildFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BuildFailed(String message) {
        super(message);
    }
}

package dev.tollbridge.webhook.detect;

/// A part of a content that was not looked into, and why.
public record Uninspected(Place place, Reason reason) {

    public enum Reason {
        TOO_LARGE("larger than the bound"),
        TOO_DEEP("nested deeper than the bound"),
        TOO_MANY_PARTS("more parts than the bound"),
        EXPANDS_TOO_MUCH("expands beyond the bound"),
        ENCRYPTED("encrypted"),
        DAMAGED("damaged or of an unknown form");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }
}

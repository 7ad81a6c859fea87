package dev.tollbridge.webhook.detect.parse;

/// It is not of the format that was tried. Stackless, says nothing of the content.
public final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    public Unreadable(String format) {
        super("not " + format, null, false, false);
    }
}

package dev.tollbridge.webhook.detect.engine;

/// Line numbers of places that are asked for in order.
final class Lines {

    private final byte[] text;
    private int at;
    private int line = 1;

    Lines(byte[] text) {
        this.text = text;
    }

    /// @param offset not before the last one asked for; otherwise counted anew
    int at(int offset) {
        if (offset < at) {
            at = 0;
            line = 1;
        }
        for (; at < Math.min(offset, text.length); at++) {
            if (text[at] == '\n') {
                line++;
            }
        }
        return line;
    }
}

package dev.tollbridge.webhook.detect.parse;

import java.nio.charset.StandardCharsets;

/// Bytes as text of one character each, without copying, for patterns that know ASCII only.
public record ByteText(byte[] bytes, int from, int to) implements CharSequence {

    @Override
    public int length() {
        return to - from;
    }

    @Override
    public char charAt(int index) {
        return (char) (bytes[from + index] & 0xff);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new ByteText(bytes, from + start, from + end);
    }

    /// It may be a credential, and whoever asks for it knows.
    @Override
    public String toString() {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}

package dev.tollbridge.webhook.detect;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Something to be judged.
///
/// @param name a hint, never needed for what the bytes prove by themselves: see {@link Carrier}
/// @param bytes as the container would see them, so base64 of a Secret already decoded; not copied,
///   not changed, and never printed
public record Content(Carrier carrier, String name, byte[] bytes) {

    public static Content file(String path, byte[] bytes) {
        return new Content(Carrier.FILE, path, bytes);
    }

    public static Content key(String key, byte[] bytes) {
        return new Content(Carrier.KEY, key, bytes);
    }

    public static Content env(String variable, String value) {
        return new Content(Carrier.ENV, variable, utf8(value));
    }

    public static Content hostPath(String path) {
        return new Content(Carrier.HOST_PATH, "", utf8(path));
    }

    /// @param words command and arguments of one process, in order
    public static Content command(String field, List<String> words) {
        return new Content(Carrier.COMMAND, field, utf8(String.join(" ", words)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// The bytes may be a credential.
    @Override
    public String toString() {
        return "Content[" + carrier + " " + name + ", " + bytes.length + " bytes]";
    }
}

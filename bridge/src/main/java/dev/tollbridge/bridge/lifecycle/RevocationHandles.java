package dev.tollbridge.bridge.lifecycle;

import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.signing.HandleKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The handles by which a credential can be ended without showing it: `rvk_`, the issuance's ULID,
/// `_`, and a code that only the bridge can make. Where the provider has to be shown something, a
/// dot and that follow, sealed: the bridge stores no credential, and needs none to end one after a
/// restart.
final class RevocationHandles {

    private static final String ISSUANCE = "iss_";
    private static final String HANDLE = "rvk_";

    /// Crockford's alphabet, as ULIDs are written: 26 characters.
    private static final int ULID_LENGTH = 26;

    private static final int CODE_LENGTH = (HandleKey.CODE_LENGTH * 8 + 5) / 6;
    private static final int LENGTH = HANDLE.length() + ULID_LENGTH + 1 + CODE_LENGTH;

    /// Bytes. What is longer stays out of the handle, and is known while the process lives.
    static final int MOST_SEALED = 8 * 1024;

    private static final int LONGEST = LENGTH + 1 + (MOST_SEALED + 64) * 4 / 3;
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final HandleKey key;

    /// @param endedBy null: nothing was sealed in the handle
    record Shown(String issuance, @Nullable Secret endedBy) {}

    RevocationHandles(HandleKey key) {
        this.key = key;
    }

    /// @param endedBy what the provider has to be shown; null: nothing
    Secret of(String issuance, @Nullable Secret endedBy) {
        if (!issuance.startsWith(ISSUANCE)) {
            throw new IllegalArgumentException("not the id of an issuance");
        }
        String plain = HANDLE + issuance.substring(ISSUANCE.length()) + "_" + code(issuance);
        if (endedBy == null) {
            return Secret.of(plain);
        }
        byte[] text = endedBy.reveal().getBytes(StandardCharsets.UTF_8);
        return Secret.of(
                text.length > MOST_SEALED
                        ? plain
                        : plain + "." + BASE64URL.encodeToString(key.seal(issuance, text)));
    }

    /// Whether this can be nothing but a handle, ours or not.
    boolean looksLikeOne(Secret token) {
        return token.reveal().startsWith(HANDLE);
    }

    /// What a handle is for; null when it is not one of ours, or not as we made it.
    @Nullable Shown read(Secret handle) {
        if (handle.length() < LENGTH || handle.length() > LONGEST) {
            return null;
        }
        String text = handle.reveal();
        int end = HANDLE.length() + ULID_LENGTH;
        if (!text.startsWith(HANDLE) || text.charAt(end) != '_') {
            return null;
        }
        String issuance = ISSUANCE + text.substring(HANDLE.length(), end);
        byte[] expected = code(issuance).getBytes(StandardCharsets.US_ASCII);
        byte[] given = text.substring(end + 1, LENGTH).getBytes(StandardCharsets.UTF_8);
        // In the same time wherever they differ: nobody learns a code byte by byte.
        if (!MessageDigest.isEqual(expected, given)) {
            return null;
        }
        if (text.length() == LENGTH) {
            return new Shown(issuance, null);
        }
        byte[] opened = text.charAt(LENGTH) == '.' ? opened(issuance, text) : null;
        return opened == null
                ? null
                : new Shown(issuance, Secret.of(new String(opened, StandardCharsets.UTF_8)));
    }

    private byte @Nullable [] opened(String issuance, String text) {
        String sealed = text.substring(LENGTH + 1);
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(sealed);
            // One spelling per handle: the decoder lets padding and loose bits pass.
            return BASE64URL.encodeToString(bytes).equals(sealed)
                    ? key.open(issuance, bytes)
                    : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private String code(String issuance) {
        return BASE64URL.encodeToString(key.code(issuance));
    }
}

package dev.tollbridge.bridge.lifecycle;

import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.signing.HandleKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The handles by which a credential can be ended without showing it: `rvk_`, the issuance's ULID,
/// `_`, and a code that only the bridge can make.
final class RevocationHandles {

    private static final String ISSUANCE = "iss_";
    private static final String HANDLE = "rvk_";

    /// Crockford's alphabet, as ULIDs are written: 26 characters.
    private static final int ULID_LENGTH = 26;

    private static final int CODE_LENGTH = (HandleKey.CODE_LENGTH * 8 + 5) / 6;
    private static final int LENGTH = HANDLE.length() + ULID_LENGTH + 1 + CODE_LENGTH;
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final HandleKey key;

    RevocationHandles(HandleKey key) {
        this.key = key;
    }

    Secret of(String issuance) {
        if (!issuance.startsWith(ISSUANCE)) {
            throw new IllegalArgumentException("not the id of an issuance");
        }
        return Secret.of(HANDLE + issuance.substring(ISSUANCE.length()) + "_" + code(issuance));
    }

    /// The issuance a handle is for; null when it is not one of ours.
    @Nullable String issuance(Secret handle) {
        if (handle.length() != LENGTH) {
            return null;
        }
        String text = handle.reveal();
        int end = HANDLE.length() + ULID_LENGTH;
        if (!text.startsWith(HANDLE) || text.charAt(end) != '_') {
            return null;
        }
        String issuance = ISSUANCE + text.substring(HANDLE.length(), end);
        byte[] expected = code(issuance).getBytes(StandardCharsets.US_ASCII);
        byte[] given = text.substring(end + 1).getBytes(StandardCharsets.UTF_8);
        // In the same time wherever they differ: nobody learns a code byte by byte.
        return MessageDigest.isEqual(expected, given) ? issuance : null;
    }

    private String code(String issuance) {
        return BASE64URL.encodeToString(key.code(issuance));
    }
}

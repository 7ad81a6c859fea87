package dev.tollbridge.bridge.session;

import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.signing.HandleKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The handles of sessions: `snh_`, the session's ULID, `_`, the number of the answer it came with,
/// `_`, and a code that only the bridge can make. Nothing of a handle is stored, and every one that
/// was ever given is recognised, so that an old one is known as old.
public final class SessionHandles {

    private static final String SESSION = "ses_";
    private static final String HANDLE = "snh_";

    /// Crockford's alphabet, as ULIDs are written: 26 characters.
    private static final int ULID_LENGTH = 26;

    private static final int CODE_LENGTH = (HandleKey.CODE_LENGTH * 8 + 5) / 6;
    private static final int MOST_DIGITS = 9;
    private static final int SHORTEST = HANDLE.length() + ULID_LENGTH + 1 + 1 + 1 + CODE_LENGTH;
    private static final int LONGEST = SHORTEST + MOST_DIGITS - 1;

    private final HandleKey key;

    public SessionHandles(HandleKey key) {
        this.key = key;
    }

    /// @param session `ses_...`
    /// @param number of the answer it was given with, from 1
    record Shown(String session, int number) {}

    Secret of(String session, int number) {
        return Secret.of(
                HANDLE
                        + session.substring(SESSION.length())
                        + "_"
                        + number
                        + "_"
                        + code(session, number));
    }

    /// Whether this can be nothing but a handle of a session, ours or not.
    public static boolean looksLikeOne(Secret token) {
        return token.reveal().startsWith(HANDLE);
    }

    /// What a handle is for; null when it is not one of ours.
    @Nullable Shown read(Secret handle) {
        if (handle.length() < SHORTEST || handle.length() > LONGEST) {
            return null;
        }
        String text = handle.reveal();
        int ulidEnd = HANDLE.length() + ULID_LENGTH;
        int numberEnd = text.length() - CODE_LENGTH - 1;
        if (!text.startsWith(HANDLE)
                || text.charAt(ulidEnd) != '_'
                || text.charAt(numberEnd) != '_') {
            return null;
        }
        int number = number(text, ulidEnd + 1, numberEnd);
        if (number < 1) {
            return null;
        }
        String session = SESSION + text.substring(HANDLE.length(), ulidEnd);
        byte[] expected = code(session, number).getBytes(StandardCharsets.US_ASCII);
        byte[] given = text.substring(numberEnd + 1).getBytes(StandardCharsets.UTF_8);
        // In the same time wherever they differ: nobody learns a code byte by byte.
        return MessageDigest.isEqual(expected, given) ? new Shown(session, number) : null;
    }

    /// One spelling per number: -1 for anything else.
    private static int number(String text, int from, int to) {
        if (from >= to || text.charAt(from) == '0') {
            return -1;
        }
        int number = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + (c - '0');
        }
        return number;
    }

    private String code(String session, int number) {
        // Revocation handles are codes of `iss_...`: no text is a name of both.
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(key.code("session handle " + session + " " + number));
    }
}

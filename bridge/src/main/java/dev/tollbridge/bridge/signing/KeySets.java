package dev.tollbridge.bridge.signing;

import dev.tollbridge.bridge.signing.KeyStorage.Kept;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything a keyring holds at one moment, read from its storage and ready for use. Replaced as a
/// whole.
///
/// @param kept what it was read from
record KeySets(Kept kept, Map<OwnIssuer, KeySnapshot> issuers, byte[] handleKey) {

    static final String HANDLE_ENTRY = "handle.key";

    static String entry(OwnIssuer issuer) {
        return issuer.code() + ".json";
    }

    /// @param before what was read the time before; what has not changed stays as it is, with the
    ///   signatures that it has ready
    /// @throws KeyringUnavailable when an entry is missing or damaged
    static KeySets read(Kept kept, KeyStorage storage, @Nullable KeySets before) {
        Map<OwnIssuer, KeySnapshot> issuers = new EnumMap<>(OwnIssuer.class);
        for (OwnIssuer issuer : OwnIssuer.values()) {
            byte[] bytes = bytes(kept, entry(issuer), storage);
            KeySnapshot known = before == null ? null : before.issuers().get(issuer);
            boolean same =
                    before != null
                            && Arrays.equals(bytes, before.kept().entries().get(entry(issuer)));
            issuers.put(issuer, known != null && same ? known : snapshot(issuer, bytes, storage));
        }
        byte[] handleKey = bytes(kept, HANDLE_ENTRY, storage);
        if (handleKey.length != HandleKey.KEY_LENGTH) {
            throw new KeyringUnavailable(
                    storage.place(HANDLE_ENTRY) + " cannot be used: it has the wrong length", null);
        }
        return new KeySets(kept, issuers, handleKey);
    }

    private static byte[] bytes(Kept kept, String entry, KeyStorage storage) {
        byte[] bytes = kept.entries().get(entry);
        if (bytes == null) {
            throw new KeyringUnavailable(storage.place(entry) + " is gone", null);
        }
        return bytes;
    }

    private static KeySnapshot snapshot(OwnIssuer issuer, byte[] bytes, KeyStorage storage) {
        try {
            return new KeySnapshot(KeyFile.read(issuer, bytes));
        } catch (KeyFile.Damaged e) {
            throw new KeyringUnavailable(
                    storage.place(entry(issuer)) + " cannot be used: " + e.getMessage(), null);
        }
    }

    KeySnapshot of(OwnIssuer issuer) {
        KeySnapshot snapshot = issuers.get(issuer);
        if (snapshot == null) {
            throw new IllegalStateException("every issuer has keys");
        }
        return snapshot;
    }

    /// It holds private keys.
    @Override
    public String toString() {
        return "KeySets";
    }
}

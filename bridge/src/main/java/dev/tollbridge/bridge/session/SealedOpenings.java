package dev.tollbridge.bridge.session;

import dev.tollbridge.bridge.claims.JsonTree;
import dev.tollbridge.bridge.claims.StrictJson;
import dev.tollbridge.bridge.signing.HandleKey;
import org.jspecify.annotations.Nullable;

/// What sessions were opened with, sealed as a whole for places that others may look at or write
/// to: whoever has no key can neither read it nor make one, nor put one session's in the place of
/// another's.
public final class SealedOpenings {

    private final HandleKey key;

    /// @param key the same on every bridge that opens what another has sealed
    public SealedOpenings(HandleKey key) {
        this.key = key;
    }

    public byte[] seal(Opening opening) {
        return key.seal(name(opening.id()), JsonTree.bytes(OpeningTree.of(opening)));
    }

    /// @param session `ses_...`
    /// @return null when these bytes are not what was sealed for this session, with this key
    public @Nullable Opening open(String session, byte[] sealed) {
        byte[] text = key.open(name(session), sealed);
        if (text == null) {
            return null;
        }
        try {
            return OpeningTree.read(session, StrictJson.object(text));
        } catch (StrictJson.Malformed e) {
            return null;
        }
    }

    /// Lines of the record seal a session's claims for its id alone: neither opens as the other.
    private static String name(String session) {
        return "opening of " + session;
    }
}

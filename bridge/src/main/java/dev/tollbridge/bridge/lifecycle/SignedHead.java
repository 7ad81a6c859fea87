package dev.tollbridge.bridge.lifecycle;

import dev.tollbridge.bridge.audit.ChainHead;
import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.StrictJson;
import dev.tollbridge.bridge.signing.PublicKeys;
import dev.tollbridge.bridge.signing.SigningAlgorithm;
import dev.tollbridge.bridge.signing.TokenSigner;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// A chain head as a compact JWS of the bridge's own key (DESIGN 14, rule 4): whoever keeps one can
/// show later that it was the bridge that said so, and nobody who can write to the record can make
/// another without the key.
public final class SignedHead {

    /// No verifier of access tokens takes it for one (RFC 8725 section 3.11).
    private static final String TYPE = "tollbridge-chain-head+jwt";

    private static final int MAX_LENGTH = 4096;

    private SignedHead() {}

    public static String sign(ChainHead head, TokenSigner signer, Instant at) {
        String claims =
                "{\"ledger\":\"%s\",\"seq\":%d,\"hash\":\"%s\",\"iat\":%d}"
                        .formatted(head.ledger(), head.seq(), head.hash(), at.getEpochSecond());
        return signer.sign(SigningAlgorithm.ES256, TYPE, claims.getBytes(StandardCharsets.UTF_8))
                .reveal();
    }

    /// @return null when the text is no signed head, or not one that these keys signed
    public static @Nullable ChainHead read(String text, PublicKeys keys) {
        String[] parts = text.strip().split("\\.", -1);
        if (parts.length != 3 || text.length() > MAX_LENGTH) {
            return null;
        }
        try {
            Base64.Decoder decoder = Base64.getUrlDecoder();
            Claims header = StrictJson.object(decoder.decode(parts[0]));
            String keyId = header.string("kid");
            String algorithm = header.string("alg");
            byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
            if (keyId == null
                    || algorithm == null
                    || !TYPE.equals(header.string("typ"))
                    || !keys.verifies(keyId, algorithm, signed, decoder.decode(parts[2]))) {
                return null;
            }
            Claims claims = StrictJson.object(decoder.decode(parts[1]));
            String ledger = claims.string("ledger");
            Long seq = claims.integer("seq");
            String hash = claims.string("hash");
            return ledger == null || seq == null || hash == null
                    ? null
                    : new ChainHead(ledger, seq, hash);
        } catch (StrictJson.Malformed | IllegalArgumentException e) {
            return null;
        }
    }
}

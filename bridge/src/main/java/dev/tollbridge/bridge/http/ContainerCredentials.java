package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.StrictJson;
import dev.tollbridge.bridge.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// AWS credentials as a container-credentials endpoint answers them: of the JSON that was minted,
/// the members that SDKs read there.
final class ContainerCredentials {

    private static final int USUAL_SIZE = 1536;

    private static final List<String> MEMBERS =
            List.of("AccessKeyId", "SecretAccessKey", "Token", "Expiration", "AccountId");

    private ContainerCredentials() {}

    /// @param minted of the type {@link dev.tollbridge.bridge.mint.IssuedTokenType#AWS_CREDENTIALS}
    static byte[] of(Secret minted) {
        Claims all;
        try {
            all = StrictJson.object(minted.reveal().getBytes(StandardCharsets.UTF_8));
        } catch (StrictJson.Malformed e) {
            throw new IllegalStateException("the credential is not the JSON its type says it is");
        }
        return Json.bytes(
                USUAL_SIZE,
                json -> {
                    json.writeStartObject();
                    for (String member : MEMBERS) {
                        String value = all.string(member);
                        if (value != null) {
                            json.writeStringField(member, value);
                        }
                    }
                    json.writeEndObject();
                });
    }
}

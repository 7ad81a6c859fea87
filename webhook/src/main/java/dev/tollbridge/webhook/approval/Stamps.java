package dev.tollbridge.webhook.approval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Shows that the webhook was asked about an exemption and found that its author may approve it: a
/// keyed code over its name and its spec, in an annotation. Whoever writes an exemption while
/// nobody is asked cannot make one.
///
/// The key is that of fingerprints; the function is another one, so that no fingerprint, which
/// people are shown, is ever a stamp.
public final class Stamps {

    public static final String ANNOTATION = "tollbridge.dev/approval";

    private static final String FUNCTION = "HmacSHA512";
    private static final int BYTES = 32;

    /// Whatever the order of fields: the API server and clients have their own.
    private static final JsonMapper CANONICAL =
            JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

    private final SecretKeySpec key;

    private Stamps(SecretKeySpec key) {
        this.key = key;
    }

    /// @param key shared by all replicas, the same after a restart
    public static Stamps keyed(byte[] key) {
        return new Stamps(new SecretKeySpec(key, FUNCTION));
    }

    /// @param exemption with its metadata and spec
    public boolean holds(JsonNode exemption) {
        String there = exemption.path("metadata").path("annotations").path(ANNOTATION).asText("");
        return MessageDigest.isEqual(bytes(there), bytes(of(exemption)));
    }

    /// The same exemption, stamped.
    JsonNode stamped(JsonNode exemption) {
        ObjectNode copy = exemption.deepCopy();
        copy.withObject("/metadata/annotations").put(ANNOTATION, of(exemption));
        return copy;
    }

    private String of(JsonNode exemption) {
        try {
            Mac mac = Mac.getInstance(FUNCTION);
            mac.init(key);
            mac.update(bytes("tollbridge exemption\n"));
            mac.update(bytes(exemption.path("metadata").path("name").asText() + "\n"));
            mac.update(
                    bytes(
                            CANONICAL.writeValueAsString(
                                    CANONICAL.treeToValue(exemption.path("spec"), Object.class))));
            return HexFormat.of().formatHex(mac.doFinal(), 0, BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + FUNCTION, e);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read as JSON can be written", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

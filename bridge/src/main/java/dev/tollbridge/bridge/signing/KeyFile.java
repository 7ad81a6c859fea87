package dev.tollbridge.bridge.signing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.StrictJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The form of an issuer's key file. One file holds all keys of an issuer, so that a change of two
/// keys at once (one takes over from another) is one rename, and there is no state between.
final class KeyFile {

    private static final long VERSION = 1;
    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] PROBE = {1, 2, 3, 4};

    private KeyFile() {}

    static byte[] write(Keys keys) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(2048);
        try (JsonGenerator json = JSON.createGenerator(out).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeNumberField("version", VERSION);
            json.writeStringField("issuer", keys.issuer().code());
            json.writeArrayFieldStart("keys");
            for (SigningKey key : keys.keys()) {
                write(key, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return out.toByteArray();
    }

    private static void write(SigningKey key, JsonGenerator json) throws IOException {
        Base64.Encoder base64 = Base64.getEncoder();
        json.writeStartObject();
        json.writeStringField("kid", key.kid());
        json.writeStringField("algorithm", key.algorithm().joseName());
        json.writeStringField("state", key.state().code());
        json.writeStringField("created", key.createdAt().toString());
        Instant activated = key.activatedAt();
        if (activated != null) {
            json.writeStringField("activated", activated.toString());
        }
        Instant ended = key.endedAt();
        if (ended != null) {
            json.writeStringField("ended", ended.toString());
        }
        json.writeStringField("public", base64.encodeToString(key.publicKey().getEncoded()));
        PrivateKey privateKey = key.privateKey();
        if (privateKey != null) {
            json.writeStringField("private", base64.encodeToString(privateKey.getEncoded()));
        }
        json.writeEndObject();
    }

    /// @throws Damaged when anything at all is not as {@link #write} leaves it. Never quotes the
    ///   file
    static Keys read(OwnIssuer issuer, byte[] bytes) throws Damaged {
        try {
            Claims file = StrictJson.object(bytes);
            if (!Long.valueOf(VERSION).equals(file.integer("version"))) {
                throw new Damaged("it is of another version of the bridge");
            }
            if (!issuer.code().equals(file.string("issuer"))) {
                throw new Damaged("it holds the keys of another issuer");
            }
            if (!(file.get("keys") instanceof List<?> entries)) {
                throw new Damaged("it has no keys");
            }
            List<SigningKey> keys = new ArrayList<>();
            for (Object entry : entries) {
                keys.add(key(entry));
            }
            return checked(new Keys(issuer, keys));
        } catch (StrictJson.Malformed e) {
            throw new Damaged(String.valueOf(e.getMessage()));
        } catch (GeneralSecurityException | IllegalArgumentException | DateTimeException e) {
            // The cause may quote what it could not read, which may be a private key.
            throw new Damaged("a key in it cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static SigningKey key(@Nullable Object entry) throws Damaged, GeneralSecurityException {
        if (!(entry instanceof Map<?, ?> members)) {
            throw new Damaged("an entry is not an object");
        }
        SigningAlgorithm algorithm =
                SigningAlgorithm.named(text(members, "algorithm"))
                        .orElseThrow(() -> new Damaged("a key has an unknown algorithm"));
        KeyState state = state(text(members, "state"));
        KeyFactory factory = KeyFactory.getInstance(algorithm.keyType());
        Base64.Decoder base64 = Base64.getDecoder();
        PublicKey publicKey =
                factory.generatePublic(
                        new X509EncodedKeySpec(base64.decode(text(members, "public"))));
        String kid = PublicJwk.thumbprint(algorithm, publicKey);
        if (!kid.equals(text(members, "kid"))) {
            throw new Damaged("a key is not the one its name says");
        }
        PrivateKey privateKey = null;
        if (state.signs()) {
            privateKey =
                    factory.generatePrivate(
                            new PKCS8EncodedKeySpec(base64.decode(text(members, "private"))));
            checkPair(algorithm, publicKey, privateKey);
        }
        return new SigningKey(
                kid,
                algorithm,
                state,
                Instant.parse(text(members, "created")),
                members.containsKey("activated") ? Instant.parse(text(members, "activated")) : null,
                state.signs() ? null : Instant.parse(text(members, "ended")),
                publicKey,
                privateKey);
    }

    /// A pair that does not belong together would sign tokens that nobody can verify.
    private static void checkPair(
            SigningAlgorithm algorithm, PublicKey publicKey, PrivateKey privateKey)
            throws Damaged, GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm.signatureName());
        signature.initSign(privateKey);
        signature.update(PROBE);
        byte[] proof = signature.sign();
        signature.initVerify(publicKey);
        signature.update(PROBE);
        if (!signature.verify(proof)) {
            throw new Damaged("a key's two halves do not belong together");
        }
    }

    private static Keys checked(Keys keys) throws Damaged {
        for (SigningKey key : keys.keys()) {
            if (key.state().signs() && !key.equals(keys.in(key.state(), key.algorithm()))) {
                throw new Damaged("two keys of one algorithm are " + key.state().code());
            }
        }
        return keys;
    }

    private static KeyState state(String code) throws Damaged {
        for (KeyState state : KeyState.values()) {
            if (state.code().equals(code)) {
                return state;
            }
        }
        throw new Damaged("a key has an unknown state");
    }

    private static String text(Map<?, ?> members, String name) throws Damaged {
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw new Damaged("a key has no " + name);
    }

    /// What is wrong with a key file, as the end of the sentence "FILE cannot be used: ...".
    static final class Damaged extends Exception {
        private static final long serialVersionUID = 1L;

        Damaged(String message) {
            super(message, null, false, false);
        }
    }
}

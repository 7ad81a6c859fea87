package dev.tollbridge.bridge.mint.jwt;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.tollbridge.bridge.claims.PooledJson;
import dev.tollbridge.bridge.claims.Template;
import dev.tollbridge.bridge.config.ReservedNames;
import dev.tollbridge.bridge.config.TargetSpec.Jwt;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.signing.SigningAlgorithm;
import dev.tollbridge.bridge.token.SenderProof;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/// One target's tokens, worked out once: which members they have, and what is the same in each.
final class TokenForm {

    private static final int USUAL_SIZE = 512;

    private static final SerializableString ISS = new SerializedString("iss");
    private static final SerializableString SUB = new SerializedString("sub");
    private static final SerializableString AUD = new SerializedString("aud");
    private static final SerializableString CLIENT_ID = new SerializedString("client_id");
    private static final SerializableString IAT = new SerializedString("iat");
    private static final SerializableString EXP = new SerializedString("exp");
    private static final SerializableString JTI = new SerializedString("jti");
    private static final SerializableString SCOPE = new SerializedString("scope");
    private static final SerializableString CNF = new SerializedString("cnf");
    private static final SerializableString JKT = new SerializedString("jkt");
    private static final SerializableString X5T_S256 = new SerializedString("x5t#S256");

    private record Further(SerializableString name, Template template) {}

    private final SigningAlgorithm algorithm;
    private final SerializableString issuer;
    private final SerializableString audience;
    private final List<Further> further;

    /// @throws Refusal `target_refused` when the target cannot be minted for, which loading a
    ///   configuration should have found
    TokenForm(String issuer, String target, Jwt jwt) {
        this.algorithm =
                SigningAlgorithm.named(jwt.algorithm())
                        .orElseThrow(
                                () -> refused(target, "has an algorithm the bridge does not sign"));
        this.issuer = new SerializedString(issuer);
        this.audience = new SerializedString(jwt.audience());
        List<Further> claims = new ArrayList<>();
        for (Map.Entry<String, String> claim : jwt.claims().entrySet()) {
            if (ReservedNames.registeredClaim(claim.getKey())) {
                throw refused(target, "sets a claim that only the bridge sets");
            }
            claims.add(
                    new Further(
                            new SerializedString(claim.getKey()),
                            template(target, claim.getValue())));
        }
        this.further = Collections.unmodifiableList(claims);
    }

    SigningAlgorithm algorithm() {
        return algorithm;
    }

    /// The payload. `client_id` (RFC 9068 section 2.2 wants one) is the name of the grant: it is
    /// what an operator registered for this workload, as a client would be.
    ///
    /// @throws Refusal `claim_malformed` when a template needs a claim that the subject lacks
    byte[] claims(Decision decision, String issuance, long issuedAt, long expiresAt) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_SIZE);
        try (JsonGenerator json = PooledJson.FACTORY.createGenerator(out)) {
            json.writeStartObject();
            json.writeFieldName(ISS);
            json.writeString(issuer);
            json.writeFieldName(SUB);
            json.writeString(decision.identity().subject());
            json.writeFieldName(AUD);
            json.writeString(audience);
            json.writeFieldName(CLIENT_ID);
            json.writeString(decision.grant());
            json.writeFieldName(IAT);
            json.writeNumber(issuedAt);
            json.writeFieldName(EXP);
            json.writeNumber(expiresAt);
            json.writeFieldName(JTI);
            json.writeString(issuance);
            scope(decision.scope(), json);
            confirmation(decision.boundTo(), json);
            for (Further claim : further) {
                json.writeFieldName(claim.name());
                json.writeString(claim.template().fill(decision.identity().token().claims()));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return out.toByteArray();
    }

    private static void scope(SortedSet<String> scope, JsonGenerator json) throws IOException {
        if (!scope.isEmpty()) {
            json.writeFieldName(SCOPE);
            json.writeString(String.join(" ", scope));
        }
    }

    /// RFC 7800; `jkt` by RFC 9449 section 6.1, `x5t#S256` by RFC 8705 section 3.1.
    private static void confirmation(SenderProof proof, JsonGenerator json) throws IOException {
        String key = proof.dpopThumbprint();
        String certificate = proof.certificateThumbprint();
        if (key == null && certificate == null) {
            return;
        }
        json.writeFieldName(CNF);
        json.writeStartObject();
        if (key != null) {
            json.writeFieldName(JKT);
            json.writeString(key);
        }
        if (certificate != null) {
            json.writeFieldName(X5T_S256);
            json.writeString(certificate);
        }
        json.writeEndObject();
    }

    private static Template template(String target, String text) {
        try {
            return Template.parse(text);
        } catch (IllegalArgumentException e) {
            throw refused(target, "has a claim whose template cannot be read");
        }
    }

    private static Refusal refused(String target, String why) {
        return new Refusal(RefusalReason.TARGET_REFUSED, "target " + target + " " + why);
    }
}

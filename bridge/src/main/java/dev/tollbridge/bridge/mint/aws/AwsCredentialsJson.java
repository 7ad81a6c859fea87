package dev.tollbridge.bridge.mint.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tollbridge.bridge.secret.Secret;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/// The keys as AWS tools read them: at once what a `credential_process` prints and what the
/// container-credentials endpoint answers (AWS SDKs and Tools Reference Guide, "Process credential
/// provider" and "Container credential provider"). The two differ in the name of one member, which
/// is why it is there twice; neither's readers mind members they do not know.
final class AwsCredentialsJson {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int USUAL_SIZE = 2_560;

    private AwsCredentialsJson() {}

    static Secret of(RoleSession session) {
        StringWriter text = new StringWriter(USUAL_SIZE);
        String token = session.sessionToken().reveal();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("Version", 1);
            json.writeStringField("AccessKeyId", session.accessKeyId());
            json.writeStringField("SecretAccessKey", session.secretAccessKey().reveal());
            json.writeStringField("SessionToken", token);
            json.writeStringField("Token", token);
            json.writeStringField("Expiration", session.expiresAt().toString());
            json.writeStringField("AccountId", session.accountId());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return Secret.of(text.toString());
    }
}

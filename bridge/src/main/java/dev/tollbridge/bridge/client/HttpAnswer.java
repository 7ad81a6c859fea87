package dev.tollbridge.bridge.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.secret.Secret;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a server answered.
///
/// @param body may hold a credential
public record HttpAnswer(URI from, int status, HttpHeaders headers, Secret body) {

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /// The body as a JSON object.
    ///
    /// @throws Unreachable when it is none: then something other than a bridge answered
    public Map<String, @Nullable Object> json() {
        try {
            Map<String, @Nullable Object> object =
                    MAPPER.readValue(body.reveal(), new TypeReference<>() {});
            if (object != null) {
                return object;
            }
        } catch (JsonProcessingException e) {
            // Its message quotes the body. Said below, without.
        }
        throw new Unreachable(
                from.getScheme()
                        + "://"
                        + from.getRawAuthority()
                        + from.getRawPath()
                        + " answered "
                        + status
                        + " with something that is no JSON object; is this the right address?");
    }

    public @Nullable String header(String name) {
        return headers.firstValue(name).orElse(null);
    }
}

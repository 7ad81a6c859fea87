package dev.tollbridge.bridge.signing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// How others find out how to verify what the bridge signs, and how to talk to it. Made once: what
/// stands in them never changes while the bridge runs.
public final class DiscoveryDocuments {

    private static final JsonFactory JSON = new JsonFactory();

    private static final List<String> SIGNING = List.of("ES256", "RS256", "EdDSA");
    private static final List<String> CLAIMS =
            List.of("iss", "sub", "aud", "exp", "iat", "jti", "client_id", "scope", "cnf");
    private static final List<String> GRANT_TYPES =
            List.of(
                    "urn:ietf:params:oauth:grant-type:token-exchange",
                    "urn:ietf:params:oauth:grant-type:jwt-bearer");

    private final byte[] openid;
    private final byte[] federation;
    private final byte[] authorizationServer;

    /// @param externalUrl the bridge's own issuer name, without a slash at its end
    /// @param dpopAlgorithms JOSE names that proofs may be signed with (RFC 9449 section 5.1)
    public DiscoveryDocuments(String externalUrl, List<String> dpopAlgorithms) {
        openid =
                json(document -> {
                    issuer(document, externalUrl, OwnIssuer.BRIDGE);
                    identity(document);
                    endpoints(document, externalUrl, dpopAlgorithms);
                });
        federation =
                json(document -> {
                    issuer(document, externalUrl, OwnIssuer.FEDERATION);
                    identity(document);
                });
        authorizationServer =
                json(document -> {
                    issuer(document, externalUrl, OwnIssuer.BRIDGE);
                    strings(document, "response_types_supported", List.of());
                    endpoints(document, externalUrl, dpopAlgorithms);
                });
    }

    /// OpenID Connect Discovery 1.0 section 3, for `<issuer>/.well-known/openid-configuration`. Has
    /// no `authorization_endpoint`, as those of GitHub and of Kubernetes have none: nobody signs in
    /// here.
    public byte[] openidConfiguration(OwnIssuer issuer) {
        return switch (issuer) {
            case BRIDGE -> openid.clone();
            case FEDERATION -> federation.clone();
        };
    }

    /// RFC 8414 section 2, for `/.well-known/oauth-authorization-server`. Where the external URL
    /// has a path, that path follows the well-known one (section 3.1).
    public byte[] authorizationServer() {
        return authorizationServer.clone();
    }

    private static void issuer(JsonGenerator document, String externalUrl, OwnIssuer issuer)
            throws IOException {
        document.writeStringField("issuer", issuer.url(externalUrl));
        document.writeStringField("jwks_uri", issuer.url(externalUrl) + "/jwks");
    }

    /// What OpenID Connect requires, and AWS, Google and Kubernetes look for.
    private static void identity(JsonGenerator document) throws IOException {
        strings(document, "response_types_supported", List.of("id_token"));
        strings(document, "subject_types_supported", List.of("public"));
        strings(document, "id_token_signing_alg_values_supported", SIGNING);
        strings(document, "claims_supported", CLAIMS);
    }

    private static void endpoints(
            JsonGenerator document, String externalUrl, List<String> dpopAlgorithms)
            throws IOException {
        document.writeStringField("token_endpoint", externalUrl + "/token");
        document.writeStringField("introspection_endpoint", externalUrl + "/introspect");
        document.writeStringField("revocation_endpoint", externalUrl + "/revoke");
        strings(document, "grant_types_supported", GRANT_TYPES);
        strings(document, "token_endpoint_auth_methods_supported", List.of("none"));
        strings(document, "revocation_endpoint_auth_methods_supported", List.of("none"));
        strings(document, "dpop_signing_alg_values_supported", dpopAlgorithms);
    }

    private static void strings(JsonGenerator document, String name, List<String> values)
            throws IOException {
        document.writeArrayFieldStart(name);
        for (String value : values) {
            document.writeString(value);
        }
        document.writeEndArray();
    }

    private interface Members {
        void write(JsonGenerator document) throws IOException;
    }

    private static byte[] json(Members members) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator document = JSON.createGenerator(out)) {
            document.writeStartObject();
            members.write(document);
            document.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return out.toByteArray();
    }
}

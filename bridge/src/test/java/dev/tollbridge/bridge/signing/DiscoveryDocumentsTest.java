package dev.tollbridge.bridge.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.StrictJson;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Discovery documents")
class DiscoveryDocumentsTest {

    private static final String URL = "https://bridge.example/tollbridge";

    private final DiscoveryDocuments documents =
            new DiscoveryDocuments(URL, List.of("ES256", "RS256"));

    @Test
    void theBridgesOwnHasWhatOpenIdConnectRequires() throws Exception {
        Claims document = StrictJson.object(documents.openidConfiguration(OwnIssuer.BRIDGE));
        assertThat(document.string("issuer")).isEqualTo(URL);
        assertThat(document.string("jwks_uri")).isEqualTo(URL + "/jwks");
        assertThat(document.get("response_types_supported")).isEqualTo(List.of("id_token"));
        assertThat(document.get("subject_types_supported")).isEqualTo(List.of("public"));
        assertThat(document.get("id_token_signing_alg_values_supported"))
                .isEqualTo(List.of("ES256", "RS256", "EdDSA"));
    }

    @Test
    void theFederationsNamesItsOwnIssuerAndKeysAndNoEndpoint() throws Exception {
        Claims document = StrictJson.object(documents.openidConfiguration(OwnIssuer.FEDERATION));
        assertThat(document.string("issuer")).isEqualTo(URL + "/federation");
        assertThat(document.string("jwks_uri")).isEqualTo(URL + "/federation/jwks");
        assertThat(document.members())
                .doesNotContainKeys("token_endpoint", "introspection_endpoint");
    }

    @Test
    void theAuthorizationServersSaysHowToAsk() throws Exception {
        Claims document = StrictJson.object(documents.authorizationServer());
        assertThat(document.string("issuer")).isEqualTo(URL);
        assertThat(document.string("token_endpoint")).isEqualTo(URL + "/token");
        assertThat(document.string("revocation_endpoint")).isEqualTo(URL + "/revoke");
        assertThat(document.string("introspection_endpoint")).isEqualTo(URL + "/introspect");
        assertThat(document.get("response_types_supported")).isEqualTo(List.of());
        assertThat(document.get("token_endpoint_auth_methods_supported"))
                .isEqualTo(List.of("none"));
        assertThat(document.get("dpop_signing_alg_values_supported"))
                .isEqualTo(List.of("ES256", "RS256"));
        assertThat(document.get("grant_types_supported"))
                .isEqualTo(
                        List.of(
                                "urn:ietf:params:oauth:grant-type:token-exchange",
                                "urn:ietf:params:oauth:grant-type:jwt-bearer"));
    }
}

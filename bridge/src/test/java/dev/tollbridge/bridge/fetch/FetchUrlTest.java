package dev.tollbridge.bridge.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchUrlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://token.actions.githubusercontent.com/.well-known/jwks",
                "https://localhost:8443/keys?a=b",
                "https://127.0.0.1/keys",
                "https://[2606:4700::1111]/keys"
            })
    void acceptsPlainHttpsUrls(String url) throws FetchFailure {
        assertThat(FetchUrl.parse(url)).hasToString(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://issuer.example/keys",
                "HTTPS://issuer.example/keys",
                "file:///etc/passwd",
                "ftp://issuer.example/",
                "https:issuer.example",
                "https:///keys",
                "https://user@issuer.example/keys",
                "https://user:pass@issuer.example/keys",
                "https://issuer.example@evil.example/keys",
                "https://issuer.example/keys#fragment",
                "https://issuer.example:0/keys",
                "https://issuer.example:65536/keys",
                "https://[fe80::1%25eth0]/keys",
                "https://issuer.example\\@evil.example/",
                "https://issuer.example/a b",
                "https://issuer.example/\r\nHost: evil",
                "https://issüer.example/keys",
                "https://2130706433/keys",
                "https://127.1/keys",
                "https://0x7f.0.0.1/keys",
                "https://issuer_example/keys",
                "//issuer.example/keys",
                "/keys",
                ""
            })
    void refusesWhatHidesItsDestinationOrIsNotHttps(String url) {
        assertThatThrownBy(() -> FetchUrl.parse(url))
                .isInstanceOfSatisfying(
                        FetchFailure.class,
                        e -> assertThat(e.kind()).isEqualTo(FetchFailure.Kind.URL_REFUSED));
    }

    @Test
    void refusesVeryLongUrls() {
        assertThatThrownBy(() -> FetchUrl.parse("https://issuer.example/" + "a".repeat(2048)))
                .isInstanceOf(FetchFailure.class);
    }
}

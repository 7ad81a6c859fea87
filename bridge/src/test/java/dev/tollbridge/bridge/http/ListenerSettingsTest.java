package dev.tollbridge.bridge.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ListenerSettingsTest {

    private static final TlsFiles TLS = new TlsFiles(Path.of("tls.crt"), Path.of("tls.key"));

    private static ListenerSettings operators(ListenerSettings callers, String host) {
        return callers.beside(new ListenAddress(host, 8081));
    }

    @Test
    void operatorsOfThisMachineAreServedInTheClear() {
        ListenerSettings callers =
                new ListenerSettings(
                        new ListenAddress("0.0.0.0", 8443), TLS, false, TrustedProxies.NONE);
        ListenerSettings operators = operators(callers, "127.0.0.1");
        assertThat(operators.tls()).isNull();
        assertThat(operators.problems()).isEmpty();
    }

    @Test
    void operatorsElsewhereAreServedByTheCallersCertificate() {
        ListenerSettings callers =
                new ListenerSettings(
                        new ListenAddress("0.0.0.0", 8443), TLS, false, TrustedProxies.NONE);
        ListenerSettings operators = operators(callers, "0.0.0.0");
        assertThat(operators.tls()).isEqualTo(TLS);
        assertThat(operators.problems()).isEmpty();
    }

    @Test
    void operatorsElsewhereAreNotServedInTheClearUnlessAProxyIsInFront() {
        ListenerSettings callers = ListenerSettings.local(8080);
        assertThat(operators(callers, "0.0.0.0").problems()).isNotEmpty();
        ListenerSettings proxied =
                new ListenerSettings(
                        new ListenAddress("0.0.0.0", 8080), null, true, TrustedProxies.NONE);
        assertThat(operators(proxied, "0.0.0.0").problems()).isEmpty();
    }
}

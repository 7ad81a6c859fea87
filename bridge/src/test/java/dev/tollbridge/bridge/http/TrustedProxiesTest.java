package dev.tollbridge.bridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {

    private static final TrustedProxies PROXIES =
            TrustedProxies.parse(List.of("10.0.0.0/8", "2001:db8::/32", "192.0.2.9"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    198.51.100.1 | 203.0.113.5              | 198.51.100.1
                    10.1.1.1     | 203.0.113.5              | 203.0.113.5
                    10.1.1.1     | 203.0.113.5, 10.9.9.9    | 203.0.113.5
                    10.1.1.1     | 1.1.1.1, 203.0.113.5     | 203.0.113.5
                    10.1.1.1     | 10.2.2.2                 | 10.2.2.2
                    10.1.1.1     | 203.0.113.5, evil        | 10.1.1.1
                    10.1.1.1     | 203.0.113.5, evil, 10.2.2.2 | 10.2.2.2
                    10.1.1.1     | 203.0.113.5:4711         | 203.0.113.5
                    10.1.1.1     | [2001:dead::1]:4711      | 2001:dead:0:0:0:0:0:1
                    2001:db8::1  | 203.0.113.5              | 203.0.113.5
                    192.0.2.9    | ::ffff:203.0.113.5       | 203.0.113.5
                    192.0.2.8    | 203.0.113.5              | 192.0.2.8
                    10.1.1.1     | ','                      | 10.1.1.1
                    10.1.1.1     | 1.2                      | 10.1.1.1
                    """)
    void theCallerIsTheRightMostAddressThatNoTrustedProxyHas(
            String connection, String header, String peer) {
        assertThat(PROXIES.peer(connection, List.of(header))).isEqualTo(peer);
    }

    @Test
    void withoutHeadersTheConnectionIsTheCaller() {
        assertThat(PROXIES.peer("10.1.1.1", List.of())).isEqualTo("10.1.1.1");
        assertThat(TrustedProxies.NONE.peer("10.1.1.1", List.of("203.0.113.5")))
                .isEqualTo("10.1.1.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.1/8", "proxy", "::/129"})
    void refusesWhatIsNoNetwork(String cidr) {
        assertThatThrownBy(() -> TrustedProxies.parse(List.of(cidr)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsListenAddresses() {
        assertThat(ListenAddress.parse("127.0.0.1:8080").loopback()).isTrue();
        assertThat(ListenAddress.parse("[::1]:0").loopback()).isTrue();
        assertThat(ListenAddress.parse("localhost:1").loopback()).isTrue();
        assertThat(ListenAddress.parse(":10250").loopback()).isFalse();
        assertThat(ListenAddress.parse("0.0.0.0:1").loopback()).isFalse();
        assertThat(ListenAddress.parse("[::]:1").loopback()).isFalse();
        for (String wrong : new String[] {"8080", "::1:8080", "a:b", "a:70000", "a:-1"}) {
            assertThatThrownBy(() -> ListenAddress.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}

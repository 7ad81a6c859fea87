package dev.tollbridge.bridge.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How one listener is reached.
///
/// @param tls null: plain HTTP
/// @param behindProxy whether something in front of it speaks TLS
public record ListenerSettings(
        ListenAddress address,
        @Nullable TlsFiles tls,
        boolean behindProxy,
        TrustedProxies trustedProxies) {

    /// Plain HTTP on this machine.
    public static ListenerSettings local(int port) {
        return new ListenerSettings(
                new ListenAddress("127.0.0.1", port), null, false, TrustedProxies.NONE);
    }

    /// What is wrong with the settings, in words for whoever wrote them; empty when nothing is.
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (tls == null && !behindProxy && !address.loopback()) {
            problems.add(
                    "only TLS is served off loopback: give --tls-cert and --tls-key, or say"
                            + " --behind-proxy when a proxy in front speaks TLS, or listen on"
                            + " 127.0.0.1");
        }
        return problems;
    }

    /// A listener for operators: on this machine in the clear; reachable from elsewhere, as a pod's
    /// has to be for the kubelet's probes, by the same rule and certificate as this one.
    public ListenerSettings beside(ListenAddress operators) {
        return operators.loopback()
                ? new ListenerSettings(operators, null, false, TrustedProxies.NONE)
                : new ListenerSettings(operators, tls, behindProxy, TrustedProxies.NONE);
    }

    /// The same listener on another port.
    public ListenerSettings withPort(int port) {
        return new ListenerSettings(
                new ListenAddress(address.host(), port), tls, behindProxy, trustedProxies);
    }
}

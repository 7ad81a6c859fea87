package dev.tollbridge.bridge.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Values that people install the chart with.
final class Variants {

    private static final String DIGEST =
            "image.digest=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private Variants() {}

    /// By a name for messages.
    static Map<String, List<String>> all() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        all.put("defaults", of());
        all.put("bridge alone", of("webhook.enabled=false"));
        all.put("webhook alone", List.of(Helm.IMAGE, "bridge.enabled=false"));
        all.put("one bridge", of("bridge.replicas=1", DIGEST));
        all.put("keys on disk", of("bridge.replicas=1", "bridge.keys=file"));
        all.put(
                "all on disk",
                of(
                        "bridge.replicas=1",
                        "bridge.keys=file",
                        "bridge.ledger=file",
                        "bridge.config.source=configMap",
                        "bridge.config.configMap=policy"));
        all.put("no disk", of("bridge.replicas=1", "bridge.persistence.enabled=false"));
        all.put(
                "behind a proxy",
                of(
                        "bridge.tls.mode=proxy",
                        "bridge.tls.trustedProxies={10.0.0.0/8,fd00::/8}",
                        "bridge.service.type=LoadBalancer"));
        all.put(
                "cert-manager",
                of(
                        "bridge.tls.mode=certManager",
                        "bridge.tls.issuerRef.name=public",
                        "webhook.tls.mode=certManager",
                        "webhook.tls.issuerRef.name=private"));
        all.put(
                "everything on",
                of(
                        "bridge.revokeWithPods=true",
                        "bridge.allowEndpoints={https://sts.acme.example}",
                        "bridge.audit.webhookUrl=https://siem.acme.example/in",
                        "bridge.audit.otlpUrl=https://otel.acme.example/v1/logs",
                        "bridge.audit.retention=400d",
                        "bridge.limits.perSubject=2",
                        "bridge.limits.perIssuer=50",
                        "bridge.dpopNonce=required",
                        "webhook.sweep.minutes=30",
                        "webhook.sweep.secrets=true",
                        "webhook.sweep.evict=true",
                        "webhook.clientCa.configMap=api-server-ca",
                        "webhook.tls.mode=existingSecret",
                        "networkPolicy.apiServerCidrs={10.0.0.1/32}",
                        "networkPolicy.callerCidrs={192.0.2.0/24}",
                        "monitoring.serviceMonitor.enabled=true",
                        "monitoring.prometheusRule.enabled=true",
                        "monitoring.dashboard.enabled=true",
                        "commonLabels.team=platform",
                        "imagePullSecrets[0].name=registry"));
        all.put(
                "everything off",
                of(
                        "bridge.operators.enabled=false",
                        "bridge.tokenReview=false",
                        "bridge.audit.stdout=false",
                        "bridge.serviceAccount.create=false",
                        "webhook.serviceAccount.create=false",
                        "webhook.serviceAccount.name=given",
                        "webhook.replicas=1",
                        "cleanup.enabled=false",
                        "tests.enabled=false",
                        "rbac.userRoles=false",
                        "networkPolicy.enabled=false"));
        all.put("node network", of("webhook.hostNetwork=true", "webhook.port=10251"));
        return all;
    }

    /// The defaults, with these.
    static List<String> of(String... values) {
        List<String> all = new ArrayList<>(List.of(Helm.IMAGE, Helm.EXTERNAL_URL));
        all.addAll(List.of(values));
        return all;
    }
}

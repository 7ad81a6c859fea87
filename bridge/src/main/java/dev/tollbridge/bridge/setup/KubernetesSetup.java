package dev.tollbridge.bridge.setup;

import dev.tollbridge.bridge.config.TargetSpec.Kubernetes;
import dev.tollbridge.bridge.config.TargetSpec.Kubernetes.BindTo;
import dev.tollbridge.bridge.target.Target;
import java.util.List;

/// The RBAC with which the bridge makes tokens of one service account, and Secrets to bind them to
/// where the target says so; and a kubeconfig for whoever uses them.
final class KubernetesSetup implements TargetSetup {

    private static final String WHO =
            """
            # Replace TOLLBRIDGE_SERVICE_ACCOUNT and TOLLBRIDGE_NAMESPACE: the service account that the
            # bridge runs as in this cluster, or whose token is in the target's kubeconfig.
            """;

    @Override
    public String kind() {
        return "kubernetes";
    }

    @Override
    public List<SetupForm> forms() {
        return List.of(SetupForm.YAML, SetupForm.SHELL, SetupForm.KUBECONFIG);
    }

    @Override
    public String text(SetupForm form, Target target, String externalUrl) {
        if (!(target.settings() instanceof Kubernetes settings)) {
            throw new IllegalArgumentException(target.name() + " is not of kind kubernetes");
        }
        return switch (form) {
            case YAML -> yaml(target, settings);
            case SHELL -> shell(target, settings);
            case KUBECONFIG -> kubeconfig(target, externalUrl);
            case JSON, TERRAFORM, CREDENTIAL_CONFIG ->
                    throw new IllegalArgumentException("no " + form);
        };
    }

    private static String role(Target target) {
        return "tollbridge-" + target.name();
    }

    private static String yaml(Target target, Kubernetes settings) {
        String rules =
                """
                  # Tokens of this service account, and of no other.
                  - apiGroups: [""]
                    resources: [serviceaccounts/token]
                    resourceNames: [%s]
                    verbs: [create]
                """
                        .formatted(settings.serviceAccount());
        if (settings.bindTo() == BindTo.SECRET) {
            rules +=
                    """
                      # Empty Secrets that tokens are bound to. Nothing here lets the bridge read one.
                      - apiGroups: [""]
                        resources: [secrets]
                        verbs: [create, delete]
                    """;
        }
        return WHO
                + """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata:
                  name: %1$s
                  namespace: %2$s
                rules:
                %3$s---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata:
                  name: %1$s
                  namespace: %2$s
                roleRef:
                  apiGroup: rbac.authorization.k8s.io
                  kind: Role
                  name: %1$s
                subjects:
                  - kind: ServiceAccount
                    name: TOLLBRIDGE_SERVICE_ACCOUNT
                    namespace: TOLLBRIDGE_NAMESPACE
                """
                        .formatted(role(target), settings.namespace(), rules);
    }

    private static String shell(Target target, Kubernetes settings) {
        String role = role(target);
        String namespace = settings.namespace();
        StringBuilder text = new StringBuilder(WHO);
        text.append(
                        "kubectl --namespace %s create role %s --verb=create --resource=serviceaccounts/token --resource-name=%s\n"
                                .formatted(namespace, role, settings.serviceAccount()))
                .append(bind(namespace, role));
        if (settings.bindTo() == BindTo.SECRET) {
            String secrets = role + "-secrets";
            text.append(
                            "kubectl --namespace %s create role %s --verb=create,delete --resource=secrets\n"
                                    .formatted(namespace, secrets))
                    .append(bind(namespace, secrets));
        }
        return text.toString();
    }

    private static String bind(String namespace, String role) {
        return "kubectl --namespace %s create rolebinding %s --role=%s --serviceaccount=TOLLBRIDGE_NAMESPACE:TOLLBRIDGE_SERVICE_ACCOUNT\n"
                .formatted(namespace, role, role);
    }

    private static String kubeconfig(Target target, String externalUrl) {
        return """
        # Replace API_SERVER_URL and CA_FILE by the cluster's, and TOKEN_FILE by the file that holds the
        # token to show to the bridge (or the two arguments by --github or --gitlab).
        apiVersion: v1
        kind: Config
        clusters:
          - name: cluster
            cluster: {server: API_SERVER_URL, certificate-authority: CA_FILE}
        users:
          - name: tollbridge
            user:
              exec:
                apiVersion: client.authentication.k8s.io/v1
                interactiveMode: Never
                command: tollbridge
                args: [exchange, --url, "%s", --target, %s, --token-file, TOKEN_FILE, --format, kube-exec]
        contexts:
          - name: %s
            context: {cluster: cluster, user: tollbridge}
        current-context: %s
        """
                .formatted(externalUrl, target.name(), target.name(), target.name());
    }
}

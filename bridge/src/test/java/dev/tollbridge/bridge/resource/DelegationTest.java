package dev.tollbridge.bridge.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.cluster.Resources;
import dev.tollbridge.bridge.testing.Eventually;
import dev.tollbridge.testing.cluster.ClusterFixture;
import dev.tollbridge.testing.cluster.KubectlResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Who may write which grant, as the API server decides it.
class DelegationTest {

    private static final ClusterFixture CLUSTER = Resources.cluster();
    private static final String EXAMPLE = "../examples/kubernetes/delegation.yaml";
    private static final String PAYMENTS = "--as=payments-lead";

    @BeforeAll
    static void lend() {
        Resources.succeed(CLUSTER.kubectl("apply", "-f", EXAMPLE));
        Resources.succeed(
                CLUSTER.kubectl(
                        "create",
                        "clusterrolebinding",
                        "payments-lead",
                        "--clusterrole=tollbridge-grants-of-payments",
                        "--user=payments-lead"));
        // The API server compiles a new policy in its own time.
        Eventually.is(
                "the policy is in force",
                () -> !as(PAYMENTS, ClusterBridge.grantResource("probe", "other", "")).succeeded());
    }

    @AfterAll
    static void takeBack() {
        Resources.succeed(CLUSTER.kubectl("delete", "clusterrolebinding", "payments-lead"));
        Resources.succeed(CLUSTER.kubectl("delete", "-f", EXAMPLE));
    }

    private static KubectlResult as(String user, String grant) {
        List<String> arguments = new ArrayList<>(List.of("apply", "--dry-run=server", user));
        return Resources.kubectl(grant, arguments.toArray(String[]::new));
    }

    @Test
    void builtInRolesOfANamespaceReachNoneOfThem() {
        Resources.succeed(
                CLUSTER.kubectl(
                        "create",
                        "rolebinding",
                        "tenant",
                        "--clusterrole=admin",
                        "--user=tenant",
                        "-n",
                        "default"));
        for (String kind :
                List.of("trustedissuers", "targets", "grants", "exemptions", "admissionsettings")) {
            for (String verb : List.of("get", "create", "update", "delete")) {
                assertThat(
                                CLUSTER.kubectl(
                                                "auth",
                                                "can-i",
                                                verb,
                                                kind + ".tollbridge.dev",
                                                "--as=tenant")
                                        .output())
                        .as(verb + " " + kind)
                        .contains("no");
            }
        }
    }

    @Test
    void aLentTargetCanBeGranted() {
        KubectlResult result =
                as(PAYMENTS, ClusterBridge.grantResource("mine", "internal-api", ""));

        assertThat(result.succeeded()).as(result.output()).isTrue();
    }

    @Test
    void anotherTargetOrIssuerCannot() {
        KubectlResult target = as(PAYMENTS, ClusterBridge.grantResource("mine", "other", ""));
        assertThat(target.succeeded()).isFalse();
        assertThat(target.output()).contains("verb grant on every target");

        KubectlResult third =
                as(
                        PAYMENTS,
                        ClusterBridge.grantResource("mine", "internal-api", "")
                                .replace(
                                        "allow: [",
                                        "allow: [{target: a}, {target: b}, {target: c}, "));
        assertThat(third.succeeded()).isFalse();

        KubectlResult issuer =
                as(
                        PAYMENTS,
                        ClusterBridge.grantResource("mine", "internal-api", "")
                                .replace("issuer: ci", "issuer: github"));
        assertThat(issuer.succeeded()).isFalse();
        assertThat(issuer.output()).contains("verb grant on this trusted issuer");
    }

    @Test
    void aGrantOfOthersCannotBeTakenOver() {
        Resources.apply(ClusterBridge.grantResource("theirs", "other", ""));

        KubectlResult result =
                as(PAYMENTS, ClusterBridge.grantResource("theirs", "internal-api", ""));

        assertThat(result.succeeded()).isFalse();
        assertThat(result.output()).contains("allows targets that you do not hold");
        Resources.succeed(CLUSTER.kubectl("delete", "grant", "theirs"));
    }
}

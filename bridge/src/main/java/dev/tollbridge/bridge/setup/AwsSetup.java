package dev.tollbridge.bridge.setup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.config.TargetSpec.Aws;
import dev.tollbridge.bridge.mint.aws.AwsStsMinter;
import dev.tollbridge.bridge.mint.federation.FederationTokens;
import dev.tollbridge.bridge.target.Target;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What AWS must be told: an IAM identity provider for the bridge's federation issuer, and a role
/// that trusts exactly one subject of it; and, for the day it is needed, how to end sessions that
/// were given (IAM User Guide, "Create an OpenID Connect identity provider", "Create a role for
/// OpenID Connect federation", "Revoke IAM role temporary security credentials").
final class AwsSetup implements TargetSetup {

    private static final int LONGEST_URL = 255;
    private static final Duration SHORTEST_MAXIMUM = Duration.ofHours(1);
    private static final String TIME = "TIME";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DefaultIndenter TWO_SPACES = new DefaultIndenter("  ", "\n");

    @Override
    public String kind() {
        return "aws";
    }

    @Override
    public List<SetupForm> forms() {
        return List.of(SetupForm.JSON, SetupForm.SHELL, SetupForm.TERRAFORM);
    }

    @Override
    public List<String> warnings(Target target, String externalUrl) {
        List<String> warnings = new ArrayList<>();
        URI uri = URI.create(externalUrl);
        if (!"https".equals(uri.getScheme()) || uri.getPort() >= 0) {
            warnings.add(
                    "AWS takes an issuer only at https without a port; "
                            + externalUrl
                            + " is none");
        }
        if (issuer(externalUrl).length() > LONGEST_URL) {
            warnings.add("AWS takes an issuer's URL of at most 255 characters");
        }
        return warnings;
    }

    @Override
    public String text(SetupForm form, Target target, String externalUrl) {
        if (!(target.settings() instanceof Aws aws)) {
            throw new IllegalArgumentException("target " + target.name() + " is not of kind aws");
        }
        Role role = Role.of(aws, target, issuer(externalUrl));
        return switch (form) {
            case JSON -> json(role);
            case SHELL -> shell(role);
            case TERRAFORM -> terraform(role);
            case YAML, CREDENTIAL_CONFIG, KUBECONFIG ->
                    throw new IllegalArgumentException("not a form of aws: " + form.word());
        };
    }

    private static String issuer(String externalUrl) {
        return externalUrl + "/federation";
    }

    /// @param path begins and ends with a slash
    /// @param issuer of the federation tokens
    private record Role(
            String target,
            String partition,
            String account,
            String name,
            String path,
            Duration longestSession,
            List<String> actions,
            String subject,
            String issuer) {

        static Role of(Aws aws, Target target, String issuer) {
            String[] part = aws.roleArn().split(":", 6);
            String whole = part[5].substring("role".length());
            int slash = whole.lastIndexOf('/');
            List<String> actions = new ArrayList<>(List.of("sts:AssumeRoleWithWebIdentity"));
            if (!aws.sessionTags().isEmpty()) {
                actions.add("sts:TagSession");
            }
            if (aws.sourceIdentity() != null) {
                actions.add("sts:SetSourceIdentity");
            }
            return new Role(
                    target.name(),
                    part[1],
                    part[4],
                    whole.substring(slash + 1),
                    whole.substring(0, slash + 1),
                    // A role cannot be told less than an hour.
                    target.maxTtl().compareTo(SHORTEST_MAXIMUM) > 0
                            ? target.maxTtl()
                            : SHORTEST_MAXIMUM,
                    actions,
                    FederationTokens.subject(target),
                    issuer);
        }

        /// As IAM names an issuer: without its scheme.
        String provider() {
            return issuer.substring(issuer.indexOf("://") + 3);
        }

        String providerArn() {
            return "arn:" + partition + ":iam::" + account + ":oidc-provider/" + provider();
        }

        Map<String, Object> trustPolicy() {
            Map<String, Object> exactly = new LinkedHashMap<>();
            exactly.put(provider() + ":aud", AwsStsMinter.AUDIENCE);
            exactly.put(provider() + ":sub", subject);
            Map<String, Object> statement = new LinkedHashMap<>();
            statement.put("Effect", "Allow");
            statement.put("Principal", Map.of("Federated", providerArn()));
            statement.put("Action", actions);
            statement.put("Condition", Map.of("StringEquals", exactly));
            return policy(statement);
        }
    }

    private static Map<String, Object> policy(Map<String, Object> statement) {
        Map<String, Object> policy = new LinkedHashMap<>();
        policy.put("Version", "2012-10-17");
        policy.put("Statement", List.of(statement));
        return policy;
    }

    /// Ends what was given before a moment, without touching what is given after it.
    private static Map<String, Object> denyIssuedBefore(String time) {
        Map<String, Object> statement = new LinkedHashMap<>();
        statement.put("Sid", "SessionsIssuedBefore");
        statement.put("Effect", "Deny");
        statement.put("Action", "*");
        statement.put("Resource", "*");
        statement.put("Condition", Map.of("DateLessThan", Map.of("aws:TokenIssueTime", time)));
        return policy(statement);
    }

    private static String json(Role role) {
        Map<String, Object> provider = new LinkedHashMap<>();
        provider.put("Url", role.issuer());
        provider.put("ClientIDList", List.of(AwsStsMinter.AUDIENCE));
        Map<String, Object> created = new LinkedHashMap<>();
        created.put("RoleName", role.name());
        created.put("Path", role.path());
        created.put("MaxSessionDuration", role.longestSession().toSeconds());
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("account", role.account());
        all.put("identityProvider", provider);
        all.put("role", created);
        all.put("trustPolicy", role.trustPolicy());
        all.put("denyIssuedBefore", denyIssuedBefore(TIME));
        all.put(
                "replace",
                Map.of(
                        TIME,
                        "only when sessions have to be ended: put denyIssuedBefore on the role as an"
                                + " inline policy, with the moment in UTC, such as"
                                + " 2026-11-21T10:00:00Z"));
        return written(all);
    }

    private static String shell(Role role) {
        return """
        #!/bin/sh
        # Lets the target %1$s of %2$s assume one role. Run it as an administrator of the account %3$s.
        set -eu

        # Once per account: AWS reads the keys at %2$s/jwks itself and trusts public certificates without a thumbprint.
        aws iam get-open-id-connect-provider --open-id-connect-provider-arn '%4$s' >/dev/null 2>&1 ||
            aws iam create-open-id-connect-provider --url '%2$s' --client-id-list '%5$s'

        trust=$(
            cat <<'JSON'
        %6$s
        JSON
        )
        # A role that is there already gets this trust policy in place of its own.
        if aws iam get-role --role-name '%7$s' >/dev/null 2>&1; then
            aws iam update-assume-role-policy --role-name '%7$s' --policy-document "$trust"
            aws iam update-role --role-name '%7$s' --max-session-duration %9$d
        else
            aws iam create-role --role-name '%7$s' --path '%8$s' --max-session-duration %9$d \\
                --assume-role-policy-document "$trust"
        fi
        # What the role may do is yours to attach.

        # To end every session given so far, on the day it is needed:
        #   aws iam put-role-policy --role-name '%7$s' --policy-name tollbridge-revoked --policy-document \\
        #     "%10$s"
        """
                .formatted(
                        role.target(),
                        role.issuer(),
                        role.account(),
                        role.providerArn(),
                        AwsStsMinter.AUDIENCE,
                        written(role.trustPolicy()),
                        role.name(),
                        role.path(),
                        role.longestSession().toSeconds(),
                        compact(denyIssuedBefore("$(date -u +%Y-%m-%dT%H:%M:%SZ)"))
                                .replace("\"", "\\\""));
    }

    private static String terraform(Role role) {
        String label = role.target().replace('.', '-');
        return """
        # Lets the target %1$s of %3$s assume one role.

        # Once per account: with several targets, keep one of these and name it in the others' trust.
        resource "aws_iam_openid_connect_provider" "tollbridge" {
          url            = "%3$s"
          client_id_list = ["%4$s"]
        }

        data "aws_iam_policy_document" "tollbridge-%2$s-trust" {
          statement {
            actions = [%5$s]

            principals {
              type        = "Federated"
              identifiers = [aws_iam_openid_connect_provider.tollbridge.arn]
            }

            condition {
              test     = "StringEquals"
              variable = "%6$s:aud"
              values   = ["%4$s"]
            }

            condition {
              test     = "StringEquals"
              variable = "%6$s:sub"
              values   = ["%7$s"]
            }
          }
        }

        # What the role may do is yours to attach.
        resource "aws_iam_role" "tollbridge-%2$s" {
          name                 = "%8$s"
          path                 = "%9$s"
          max_session_duration = %10$d
          assume_role_policy   = data.aws_iam_policy_document.tollbridge-%2$s-trust.json
        }

        # Ends every session given before a moment. Set it on the day it is needed.
        variable "tollbridge-%2$s-revoked-before" {
          type        = string
          default     = null
          description = "A moment in UTC, such as 2026-11-21T10:00:00Z"
        }

        data "aws_iam_policy_document" "tollbridge-%2$s-revoked" {
          count = var.tollbridge-%2$s-revoked-before == null ? 0 : 1

          statement {
            sid       = "SessionsIssuedBefore"
            effect    = "Deny"
            actions   = ["*"]
            resources = ["*"]

            condition {
              test     = "DateLessThan"
              variable = "aws:TokenIssueTime"
              values   = [var.tollbridge-%2$s-revoked-before]
            }
          }
        }

        resource "aws_iam_role_policy" "tollbridge-%2$s-revoked" {
          count  = var.tollbridge-%2$s-revoked-before == null ? 0 : 1
          name   = "tollbridge-revoked"
          role   = aws_iam_role.tollbridge-%2$s.name
          policy = data.aws_iam_policy_document.tollbridge-%2$s-revoked[0].json
        }
        """
                .formatted(
                        role.target(),
                        label,
                        role.issuer(),
                        AwsStsMinter.AUDIENCE,
                        "\"" + String.join("\", \"", role.actions()) + "\"",
                        role.provider(),
                        role.subject(),
                        role.name(),
                        role.path(),
                        role.longestSession().toSeconds());
    }

    private static String written(Object tree) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(TWO_SPACES);
        printer.indentArraysWith(TWO_SPACES);
        try {
            return JSON.writer(printer).writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON values can be written", e);
        }
    }

    private static String compact(Object tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON values can be written", e);
        }
    }
}

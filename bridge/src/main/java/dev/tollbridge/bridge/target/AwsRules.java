package dev.tollbridge.bridge.target;

import dev.tollbridge.bridge.claims.Template;
import dev.tollbridge.bridge.config.TargetSpec.Aws;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the fields of an `aws` target have to keep among themselves, and what AWS would refuse
/// whoever asks (STS API reference, AssumeRoleWithWebIdentity; IAM User Guide, "IAM and AWS STS
/// quotas").
final class AwsRules {

    /// @param field such as `roleArn`
    record Finding(String field, String message, @Nullable String suggestion) {}

    private static final int LONGEST_ROLE_NAME = 64;
    private static final int LONGEST_TAG_VALUE = 256;
    private static final Pattern TAG_TEXT = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");
    private static final Pattern NAME_TEXT = Pattern.compile("[A-Za-z0-9_+=,.@-]*");

    private final Aws aws;
    private final List<Finding> findings = new ArrayList<>();

    private AwsRules(Aws aws) {
        this.aws = aws;
    }

    static List<Finding> check(Aws aws) {
        AwsRules rules = new AwsRules(aws);
        rules.role();
        rules.policies();
        rules.tags();
        rules.sourceIdentity();
        return rules.findings;
    }

    private void found(String field, String message, @Nullable String suggestion) {
        findings.add(new Finding(field, message, suggestion));
    }

    private void role() {
        String partition = aws.roleArn().split(":", 3)[1];
        String ofRegion = AwsPartition.of(aws.region()).name();
        if (!partition.equals(ofRegion)) {
            found(
                    "region",
                    "the role is in the partition "
                            + partition
                            + ", the region in "
                            + ofRegion
                            + "; they share nothing",
                    null);
        }
        String name = aws.roleArn().substring(aws.roleArn().lastIndexOf('/') + 1);
        if (name.length() > LONGEST_ROLE_NAME) {
            found("roleArn", "a role's name has at most 64 characters", null);
        }
        if (aws.roleArn().contains(":role/aws-service-role/")) {
            found("roleArn", "a service-linked role can be assumed by its service only", null);
        }
    }

    private void policies() {
        String[] role = aws.roleArn().split(":", 6);
        for (String arn : aws.policyArns()) {
            String[] policy = arn.split(":", 6);
            boolean fits =
                    policy[1].equals(role[1])
                            && (policy[4].equals("aws") || policy[4].equals(role[4]));
            if (!fits) {
                found(
                        "policyArns",
                        "a policy that narrows a session is of the role's own account, or AWS's",
                        null);
            }
        }
        if (new HashSet<>(aws.policyArns()).size() != aws.policyArns().size()) {
            found("policyArns", "names a policy twice", null);
        }
    }

    private void tags() {
        Set<String> keys = new HashSet<>();
        aws.sessionTags()
                .forEach((key, value) -> {
                    if (!keys.add(key.toLowerCase(Locale.ROOT))) {
                        found(
                                "sessionTags",
                                "AWS does not tell keys apart that differ in case: " + key,
                                null);
                    }
                    template("sessionTags", value, TAG_TEXT, 0, LONGEST_TAG_VALUE);
                });
        if (new HashSet<>(aws.transitiveTags()).size() != aws.transitiveTags().size()) {
            found("transitiveTags", "names a key twice", null);
        }
    }

    private void sourceIdentity() {
        if (aws.sourceIdentity() != null) {
            template("sourceIdentity", aws.sourceIdentity(), NAME_TEXT, 2, 64);
        }
    }

    /// @param allowed what AWS takes; of a template, what stands around its claims
    private void template(String field, String written, Pattern allowed, int least, int most) {
        Template template;
        try {
            template = Template.parse(written);
        } catch (IllegalArgumentException e) {
            found(field, String.valueOf(e.getMessage()), null);
            return;
        }
        String fixed = template.literals();
        if (!allowed.matcher(fixed).matches()) {
            found(field, "has characters that AWS does not take there", null);
        }
        boolean tooShort = template.placeholders() == 0 && fixed.length() < least;
        if (tooShort || fixed.length() > most) {
            found(field, "AWS takes " + least + " to " + most + " characters there", null);
        }
    }
}

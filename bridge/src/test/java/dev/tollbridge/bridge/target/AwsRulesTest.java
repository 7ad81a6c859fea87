package dev.tollbridge.bridge.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.config.TargetSpec.Aws;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

class AwsRulesTest {

    private static final String ROLE = "arn:aws:iam::111122223333:role/deploy";

    private static List<String> fields(Aws aws) {
        return AwsRules.check(aws).stream().map(AwsRules.Finding::field).toList();
    }

    private static Aws role(String arn, String region) {
        return new Aws(arn, region, null, Map.of(), List.of(), null, null, List.of());
    }

    private static Aws tagged(Map<String, String> tags, @Nullable String sourceIdentity) {
        return new Aws(ROLE, "eu-west-1", null, tags, List.of(), sourceIdentity, null, List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:iam::111122223333:role/deploy, eu-west-1",
        "arn:aws-cn:iam::111122223333:role/deploy, cn-northwest-1",
        "arn:aws-us-gov:iam::111122223333:role/a/b/deploy, us-gov-east-1"
    })
    void takesARoleOfTheRegionsPartition(String arn, String region) {
        assertThat(fields(role(arn, region))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:iam::111122223333:role/deploy, cn-north-1",
        "arn:aws-cn:iam::111122223333:role/deploy, eu-west-1",
        "arn:aws-us-gov:iam::111122223333:role/deploy, us-east-1"
    })
    void refusesARoleOfAnotherPartition(String arn, String region) {
        assertThat(fields(role(arn, region))).containsExactly("region");
    }

    @Test
    void refusesRolesThatNobodyCanAssume() {
        assertThat(fields(role(ROLE + "x".repeat(60), "eu-west-1"))).containsExactly("roleArn");
        assertThat(fields(role("arn:aws:iam::111122223333:role/aws-service-role/x/y", "eu-west-1")))
                .containsExactly("roleArn");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:iam::999999999999:policy/a",
                "arn:aws-cn:iam::aws:policy/ReadOnlyAccess"
            })
    void refusesPoliciesOfAnotherAccountOrPartition(String arn) {
        assertThat(
                        fields(
                                new Aws(
                                        ROLE,
                                        "eu-west-1",
                                        null,
                                        Map.of(),
                                        List.of(),
                                        null,
                                        null,
                                        List.of(arn))))
                .containsExactly("policyArns");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{repository|nosuch}}", "{{", "a;b", "<{{ref}}>", "{{ref}}\"}"})
    void refusesTagsThatCouldNeverBe(String template) {
        assertThat(fields(tagged(Map.of("repo", template), null))).containsExactly("sessionTags");
    }

    @Test
    void refusesKeysThatAwsDoesNotTellApart() {
        assertThat(fields(tagged(Map.of("repo", "a", "Repo", "b"), null)))
                .containsExactly("sessionTags");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "a/b", "two words", "{{ref|max:3}}"})
    void refusesSourceIdentitiesThatCouldNeverBe(String template) {
        assertThat(fields(tagged(Map.of(), template))).containsExactly("sourceIdentity");
    }

    @Test
    void knowsThePartitionsThatTheSdkKnows() {
        for (Region region : Region.regions()) {
            if (region.isGlobalRegion()) {
                continue;
            }
            PartitionMetadata theirs = PartitionMetadata.of(region);
            AwsPartition ours = AwsPartition.of(region.id());
            assertThat(ours.name()).as(region.id()).isEqualTo(theirs.id());
            assertThat(ours.domain()).as(region.id()).isEqualTo(theirs.dnsSuffix());
        }
    }

    @Test
    void asksTheRegionsOwnSts() {
        assertThat(AwsPartition.of("eu-west-1").stsEndpoint("eu-west-1"))
                .isEqualTo("https://sts.eu-west-1.amazonaws.com");
        assertThat(AwsPartition.of("cn-north-1").stsEndpoint("cn-north-1"))
                .isEqualTo("https://sts.cn-north-1.amazonaws.com.cn");
        assertThat(AwsPartition.of("us-gov-west-1").stsEndpoint("us-gov-west-1"))
                .isEqualTo("https://sts.us-gov-west-1.amazonaws.com");
    }
}

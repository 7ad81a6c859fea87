package dev.tollbridge.bridge.target;

import java.util.List;

/// A part of AWS that shares nothing with the others: identities, ARNs, endpoints (AWS SDKs,
/// "partitions").
///
/// @param name the second part of its ARNs
/// @param domain below which its services' endpoints are
public record AwsPartition(String name, String domain) {

    private record Regions(String prefix, AwsPartition partition) {}

    private static final AwsPartition COMMERCIAL = new AwsPartition("aws", "amazonaws.com");

    private static final List<Regions> OTHERS =
            List.of(
                    new Regions("cn-", new AwsPartition("aws-cn", "amazonaws.com.cn")),
                    new Regions("us-gov-", new AwsPartition("aws-us-gov", "amazonaws.com")),
                    new Regions("us-iso-", new AwsPartition("aws-iso", "c2s.ic.gov")),
                    new Regions("us-isob-", new AwsPartition("aws-iso-b", "sc2s.sgov.gov")),
                    new Regions("eu-isoe-", new AwsPartition("aws-iso-e", "cloud.adc-e.uk")),
                    new Regions("us-isof-", new AwsPartition("aws-iso-f", "csp.hci.ic.gov")),
                    new Regions("eusc-", new AwsPartition("aws-eusc", "amazonaws.eu")));

    /// The partition a region is in; a region that is not known is in the commercial one.
    public static AwsPartition of(String region) {
        return OTHERS.stream()
                .filter(regions -> region.startsWith(regions.prefix))
                .map(Regions::partition)
                .findFirst()
                .orElse(COMMERCIAL);
    }

    /// The regional endpoint of STS.
    public String stsEndpoint(String region) {
        return "https://sts." + region + "." + domain;
    }
}

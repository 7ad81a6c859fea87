package dev.tollbridge.bridge.mint.google;

import dev.tollbridge.bridge.config.TargetSpec.Google;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.fetch.AllowedEndpoints.Endpoint;
import dev.tollbridge.bridge.fetch.FetchFailure;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.provider.ProviderAnswers;
import java.net.URI;

/// Where one target's requests go.
record GoogleEndpoints(Endpoint sts, Endpoint iam) {

    private static final String STS = "https://sts.googleapis.com";
    private static final String STS_PATH = "/v1/token";
    private static final String IAM = "https://iamcredentials.googleapis.com";

    /// @throws MintFailure when the target names one that nobody allowed: both are looked at before
    ///   either is asked
    static GoogleEndpoints of(Google google, AllowedEndpoints allowed) throws MintFailure {
        try {
            return new GoogleEndpoints(
                    allowed.choose(STS, google.stsEndpoint()),
                    allowed.choose(IAM, google.iamEndpoint()));
        } catch (FetchFailure refused) {
            throw ProviderAnswers.unanswered(refused);
        }
    }

    /// Written as a service's address, or with the method's path as Google's own files write it.
    URI token() {
        String path = sts.uri().getRawPath();
        return path != null && path.endsWith(STS_PATH) ? sts.uri() : sts.at(STS_PATH);
    }

    /// @param serviceAccount an address, which has no character that a path would have to escape
    URI generateAccessToken(String serviceAccount) {
        return iam.at("/v1/projects/-/serviceAccounts/" + serviceAccount + ":generateAccessToken");
    }
}
